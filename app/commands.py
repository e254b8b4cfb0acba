"""Commands: everything `flask …` can do, gathered.

Here: which command groups exist. Not here: what they do (each feature's cli).
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Teach the application its commands."""
    from app.activity import cli as activity
    from app.exchange import cli as members
    from app.i18n import cli as translations
    from app.jobs import cli as jobs
    from app.organizations import cli as portal
    from app.outbox import cli as outbox
    from app.scaffold import cli as scaffold
    from app.setup import cli as setup

    setup.join(portal.portal)
    scaffold.join(portal.portal)
    for group in (portal, activity, members, jobs, outbox, translations):
        group.register_commands(app)
