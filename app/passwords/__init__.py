"""Passwords: rules, hashes, links to set one.

Here: what a password must be and how it is kept. Not here: signing in (security).
"""
