"""The activity log as people read it.

Here: its screens and files, filters, sentences in the reader's language, the table of everything
that can stand in it. Not here: writing lines (activity), that none is changed (log_integrity).
"""
