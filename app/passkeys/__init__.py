"""Passkeys and security keys: a key pair that stays with its owner, as second step and instead of a
password (WebAuthn).

Here: what browsers are asked, what they answer, the passkeys of an account. Not here: the screens
(profile, security), other second factors (two_factor).
"""
