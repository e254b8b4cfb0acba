"""Sign-in: signing in, and the one place that bends Flask-AppBuilder's security.

Here: the security manager, the sign-in screens, the first start. Not here: passwords, codes and
sessions themselves.
"""
