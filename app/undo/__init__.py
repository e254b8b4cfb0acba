"""Undo: taking back a change of a member, from the line of the log that tells of it.

Here: whether it still can be, what it would change now, the pages. Not here: what a line can be
taken back at all (activity.undoable), the plans of other nouns (invites.hooks,
model_views.writing.undo).
"""
