"""Writing by model views: verbs of a row, what Flask-AppBuilder promises around them, undo.

Here: adding, changing, deleting, taking back. Not here: what was typed (model_views.forms), the log
(activity).
"""
