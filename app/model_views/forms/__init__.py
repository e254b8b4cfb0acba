"""Forms of model views: fields by kind, pickers of related rows, rows of other screens in a form.

Here: what is typed, and which rows may be chosen. Not here: what is done with it
(model_views.writing), forms in general (screens.forms).
"""
