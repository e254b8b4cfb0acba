"""Commands for the operator: `flask portal …`.

Here: upgrade, demo, check. Not here: what the verbs do; `setup`
(setup.cli).
"""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app import upgrade as upgrading
from app.commands import one_transaction
from app.kernel.clock import utcnow
from app.kernel.i18n import _
from app.organizations import checks, demo
from config import LOOPBACK

MEMBERS = click.IntRange(demo.FEWEST_MEMBERS, demo.MOST_MEMBERS)

portal = AppGroup("portal", help="Set up and look after the portal.")


@portal.command("upgrade")
def upgrade() -> None:
    """Bring the database to this version."""
    upgrading.upgrade()
    click.echo(_("The database is up to date."))


@portal.command("demo")
@click.option(
    "--members",
    default=demo.DEFAULT_MEMBERS,
    show_default=True,
    type=MEMBERS,
    help="Members of the first organization.",
)
def load_demo(members: int) -> None:
    """Load two organizations to look around in, and print who can sign in."""
    with one_transaction():
        if urlsplit(current_app.config["SETTINGS"].portal_url).hostname not in LOOPBACK:
            raise demo.DemoInPublic()
        loaded = demo.load(members=members, now=utcnow())
    for organization in loaded.organizations:
        members = loaded.members[organization.code]
        click.echo(
            _(
                "%(name)s (%(code)s): %(members)s members",
                name=organization.name,
                code=organization.code,
                members=members,
            )
        )
    click.echo(_("Everybody’s password: %(password)s", password=demo.PASSWORD))
    click.echo(_("Who can sign in, for example:"))
    for login_id, description in demo.introductions(loaded):
        click.echo(f"  {login_id:10} {description}")


@portal.command("check")
def check() -> None:
    """Say what a deployment must fix; exit 1 if anything."""
    found = checks.complaints(current_app)
    for sentence in found:
        click.echo(f"- {sentence}", err=True)
    if found:
        sys.exit(1)
    click.echo(_("Everything is in order."))


def register_commands(app: Flask) -> None:
    """Add `flask portal …`."""
    app.cli.add_command(portal)
