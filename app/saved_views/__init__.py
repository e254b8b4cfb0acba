"""Saved views: how a list is looked at, under a name, for everybody in the organization who may
open that list.

Here: keeping, replacing and deleting them, their page. Not here: what a list understands of an
address (screens.list_query).
"""
