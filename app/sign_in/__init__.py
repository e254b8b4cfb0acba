"""Sign-in: signing in, and the one place that bends Flask-AppBuilder's security.

Here: the security manager, the sign-in screens, what the browser keeps. Not here: the first start
(setup); passwords, codes and sessions themselves.
"""
