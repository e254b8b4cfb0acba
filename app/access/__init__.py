"""Access: who may.

Here: the catalogue of authorities, the built-in roles, the table of grants, the seat of a request,
the guards.
Not here: signing in (security), what verbs do.
"""
