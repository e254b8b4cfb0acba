"""`flask portal setup`: the first start without the page.

Here: the command. Not here: what happens (setup.service).
"""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.accounts.policy import Identity
from app.commands import one_transaction
from app.kernel.clock import utcnow, zone_names
from app.kernel.i18n import _
from app.models import LinkPurpose
from app.passwords import links
from app.passwords.mail import set_link
from app.screens.zones import usual_zone
from app.setup import service as setup


@click.command("setup")
@with_appcontext
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


def join(portal: AppGroup) -> None:
    """Add `setup` to `flask portal …`."""
    portal.add_command(set_up)
