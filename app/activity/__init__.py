"""Activity: what happened, told in the reader's language.

Here: the catalogue of events, recording one, the log screen. Not here: deciding what happens.
"""
