"""Members: who belongs to an organization, on screen, for programs and as a file.

Here: the list, one member's page, the verbs as doors. Not here: what happens (memberships,
managed_accounts), the account behind a member (accounts), roles themselves (member_roles),
invitations (invites).
"""
