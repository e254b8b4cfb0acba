"""HTTP: what every request passes and every answer carries, whatever it asks for.

Here: Flask's class, the checks before a view, errors, headers, limits, health. Not here: what FAB's
screens look like (screens), machines (rest).
"""
