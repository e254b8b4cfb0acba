"""Backup: the whole portal as one file, and a portal from such a file.

Here: `flask portal backup`, `restore` and `release`; the file, rows as it holds them, what a
restored portal holds back. Not here: secrets, which no backup contains (config), the tables' own
versions (upgrade, packages).
"""
