"""Screens: Flask-AppBuilder's views, lists, forms and menus as every feature uses them.

Here: the model view, the list, forms, formatters, the theme's words. Not here: any feature.
"""
