"""Former members: who was a member until when, and coming back.

Here: their pages, the verb, the question to those who name one. Not here: leaving and removing
(memberships.service), taking a removal back (undo).
"""
