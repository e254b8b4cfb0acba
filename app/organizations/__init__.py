"""Organizations: their life, settings, home and demo.

Here: the verbs and screens of an organization itself. Not here: its members.
"""
