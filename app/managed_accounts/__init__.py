"""Managed accounts: those that an organization registers for its members (D-C3).

Here: registering somebody, the first sign-in, the identity that the organization may edit, helping
a member to sign in. Not here: what an account is (accounts), one's own (profile), adding somebody
who has an account already (bindings).
"""
