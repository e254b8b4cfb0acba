"""Commands for the operator: `flask portal …`.

Here: upgrade, setup (the first start without the page), demo, check. Not here: what the verbs do
(setup.service, demo.service, setup.checks).
"""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app import upgrade as upgrading
from app.accounts.policy import Identity
from app.commands import one_transaction
from app.demo import service as demo
from app.jobs import statistics
from app.kernel.clock import utcnow, zone_names
from app.kernel.i18n import _
from app.models import LinkPurpose
from app.passwords import links
from app.passwords.mail import set_link
from app.screens.moments.zones import usual_zone
from app.search_index import writing as search_index
from app.setup import checks
from app.setup import service as setup
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


@portal.command("reindex")
def reindex() -> None:
    """Build anew what the search box finds rows by."""
    with one_transaction():
        count = search_index.rebuild()
    statistics.refresh()
    click.echo(_("%(rows)s rows are found by their words.", rows=count))


@portal.command("check")
def check() -> None:
    """Say what a deployment must fix; exit 1 if anything."""
    found = checks.complaints(current_app)
    for sentence in found:
        click.echo(f"- {sentence}", err=True)
    if found:
        sys.exit(1)
    click.echo(_("Everything is in order."))


@portal.command("setup")
@click.option("--organization-code", required=True)
@click.option("--organization-name", required=True)
@click.option("--login-id", required=True)
@click.option("--email", required=True)
@click.option("--name", required=True, help="“Given Family”, or 姓 名.")
@click.option("--language", default="en", show_default=True)
@click.option(
    "--time-zone",
    default="",
    help="Of the organization, such as Asia/Tokyo. Left out: Asia/Tokyo for Japanese, else UTC.",
)
def set_up(
    organization_code: str,
    organization_name: str,
    login_id: str,
    email: str,
    name: str,
    language: str,
    time_zone: str,
) -> None:
    """Make the platform administrator and the first organization; print the link to set the
    password with.
    """
    now = utcnow()
    _ensure_spoken(language)
    _ensure_zone(time_zone)
    family, given = _family_and_given(name, language)
    with one_transaction():
        account, _organization = setup.set_up(
            Identity(
                family_name=family,
                given_name=given,
                email=email,
                login_id=login_id,
                language=language,
                time_zone=time_zone or usual_zone(language),
            ),
            code=organization_code,
            name=organization_name,
            now=now,
        )
        token = links.new_link(account, LinkPurpose.FIRST, now=now)
    setup.forget_link()
    click.echo(set_link(token))


def _ensure_spoken(language: str) -> None:
    spoken = current_app.config["LANGUAGES"]
    if language not in spoken:
        raise click.BadParameter(
            _(
                "The portal speaks %(languages)s, not “%(code)s”.",
                languages=", ".join(spoken),
                code=language,
            )
        )


def _ensure_zone(time_zone: str) -> None:
    if time_zone and time_zone not in zone_names():
        raise click.BadParameter(_("There is no time zone “%(name)s”.", name=time_zone))


def _family_and_given(name: str, language: str) -> tuple[str, str]:
    """Split a name as the language writes it; a single word is the family name."""
    first, _space, second = name.strip().partition(" ")
    if language.startswith("ja"):
        return first, second
    return (second, first) if second else (first, "")


def register_commands(app: Flask) -> None:
    """Add `flask portal …`."""
    app.cli.add_command(portal)
