"""System checks: odd set-ups are named before they do harm."""
