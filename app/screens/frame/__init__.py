"""The frame of every page: Flask-AppBuilder itself, navigation, words and drawings of templates.

Here: what stands around what a view shows. Not here: views (screens.model_view), the menu's entries
(app.menu).
"""
