"""Members: who belongs to an organization, and what they may do in it.

Here: the verbs of a membership's life, its screens, its letters. Not here: the account behind it
(accounts), roles themselves (member_roles), invitations (invites).
"""
