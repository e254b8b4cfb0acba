"""Values of model views: what a column holds, how it is said, kept and read back.

Here: kinds of columns and relations. Not here: one column of a list (model_views.columns), how a
value is typed (model_views.forms) or drawn (model_views.drawing).
"""
