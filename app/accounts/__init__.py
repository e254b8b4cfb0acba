"""Accounts: people who can sign in, whatever organizations they belong to.

Here: the verbs of their identity and suspension, the platform administrator's screen. Not here:
membership (members), passwords (passwords), one's own account (profile).
"""
