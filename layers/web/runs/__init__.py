"""Pages of long analyses: how far they are."""
