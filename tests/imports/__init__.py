"""Importing members: reading files, checking them, doing what they say."""
