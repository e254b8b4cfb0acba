"""Drawing for model views: cells, the rows of a list, charts.

Here: markup made in Python. Not here: templates (templates/model_views), which rows there are
(model_views.lists).
"""
