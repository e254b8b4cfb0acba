"""Profile: everybody's own account, on one page.

Here: the screen, its forms and what they ask of other rooms. Not here: identity itself (accounts),
passwords, sessions.
"""
