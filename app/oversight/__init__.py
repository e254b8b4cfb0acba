"""Oversight: an organization's power users hear by letter what others did that shifts who rules it.

Here: which lines of the log are told, to whom, one letter per act. Not here: the log itself
(activity), letters to whom it happened (memberships.mail, two_factor.mail).
"""
