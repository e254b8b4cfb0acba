"""2-step verification: a six-digit code by mail between a right password and a session.

Here: making, sending and checking codes. Not here: the screen (sign_in.views).
"""
