"""Memberships: what happens to somebody in an organization, from joining to the end.

Here: the verbs of a membership's life, what they would change, its letters. Not here: its screens
(members), the account behind it (accounts), what is given (offers), memberships that ended
(former_members).
"""
