"""Web: the one place that bends Flask-AppBuilder's views, and what every screen shares.

Here: the CRUD base, lists, errors, formatters, the gate, the theme's words. Not here: any feature.
"""
