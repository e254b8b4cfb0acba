"""The bench: how fast the portal is, beside a stock Flask-AppBuilder application with as many
users.

Here: data, servers, visitors, rounds, report, one module each; `python -m bench` runs them. Not
here: tests (nothing is asserted about time).
"""
