"""Setup: the first start: the platform administrator and the first organization, once.

Here: the one-time link, the page, the operator's commands, and what a deployment must fix before
people use it. Not here: the demo (demo).
"""
