"""Kernel: what every floor stands on. It has no database and knows nothing of members."""
