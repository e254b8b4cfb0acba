"""Offers: what a member is given, or an invitation or a role binding promises.

Here: type, roles and single authorities as one value, the fields and forms that choose them, what
programs say of them. Not here: roles themselves (member_roles), keeping what was chosen
(memberships, invites, bindings).
"""
