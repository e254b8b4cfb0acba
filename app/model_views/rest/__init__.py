"""Model views for programs: an API of each, its shapes and rules, its files.

Here: what follows for programs from a view. Not here: the REST surface itself (app.rest), files in
general (app.exchange).
"""
