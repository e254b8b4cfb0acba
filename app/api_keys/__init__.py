"""API keys: what programs act with, in the name of a member or of a service account.

Rooms: service (issue, revoke, authenticate), reminders (keys that end soon), queries, forms, cells,
mail, views (the organization's list). One's own keys are pressed in the profile; service accounts
live beside the members.
"""
