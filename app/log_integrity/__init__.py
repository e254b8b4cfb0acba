"""Log integrity: nobody can change or cut the activity log unnoticed, and what may go, goes.

Here: the hash chain over its lines, keys and checkpoints, `flask activity verify`, how long an
organization keeps its log, pruning, the stream for collectors. Not here: writing lines (activity),
reading them (activity_log).
"""
