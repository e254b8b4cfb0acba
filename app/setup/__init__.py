"""Setup: the first start: the platform administrator and the first organization, once.

Here: the one-time link, the page and the command. Not here: the demo (organizations.demo), what is
checked before the server starts (organizations.checks).
"""
