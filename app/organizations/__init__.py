"""Organizations: their life and settings.

Here: the verbs and screens of an organization itself. Not here: its members.
"""
