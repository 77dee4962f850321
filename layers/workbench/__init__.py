"""The engine on plain files: points and costs in, answers out, no database."""
