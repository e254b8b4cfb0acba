"""Checks of model views: what cannot work is said at start, in one sentence.

Here: what a view, its model, columns and names may say; indexes for `portal check`. Not here: what
is made of it (model_views.registering).
"""
