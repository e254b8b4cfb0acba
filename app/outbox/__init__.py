"""Outbox: letters on their way.

Here: posting a letter in the transaction of what it tells, delivering it, the platform
administrator's screen.
Not here: what letters say (each feature's mail.py and templates/mail/).
"""
