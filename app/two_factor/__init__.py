"""2-step verification: what is asked between a right password and a session.

Here: making, sending and checking codes. Not here: the screen (sign_in.views).
"""
