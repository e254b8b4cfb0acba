"""Roles: named sets of authorities.

Here: the built-in ones' rows, the verbs of an organization's own, their screen. Not here: what
authorities there are (access).
"""
