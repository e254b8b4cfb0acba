"""Moments as people read them: in whose zone, as a date, as how long ago.

Here: zones, calendars, relative moments. Not here: formatters of cells (screens.formatters), the
clock (kernel.clock).
"""
