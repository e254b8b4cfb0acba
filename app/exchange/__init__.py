"""Exchange: rosters as files that other programs read, CSV and JSON."""
