"""Invites: asking someone to join an organization, and their answer.

Here: the verbs of an invite's life: send, edit, resend, cancel, accept, decline. Not here: who may
(access.policy), the page that the letter's link opens (sign_in.invite_views), since it signs
people in.
"""
