"""Bindings: adding somebody who has an account already; they join at their next sign-in (D-C11).

Here: the role binding, its list, the page at the next sign-in. Not here: invitations of people by
letter (invites), the membership itself (members).
"""
