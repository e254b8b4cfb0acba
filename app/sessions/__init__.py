"""Sessions: signed-in browsers, one row each.

Here: opening, using and ending them. Not here: passwords and codes, the screen that lists one's own
(profile).
"""
