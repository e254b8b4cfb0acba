"""`flask members export`, for the operator.

Here: the command. Not here: the file (exchange.service).
"""

from __future__ import annotations

from typing import BinaryIO

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from app.commands import one_transaction
from app.exchange import queries
from app.exchange import service as exporting
from app.exchange.writing import FORMATS
from app.kernel.clock import utcnow
from app.members.lists import FILE
from app.models import Membership
from app.organizations import queries as organizations

members = AppGroup("members", help="Members of an organization as files.")


@members.command("export")
@click.option(
    "--organization", "code", required=True, metavar="CODE", help="The organization's code."
)
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="csv", show_default=True
)
@click.option(
    "--output",
    type=click.File("wb", atomic=True),
    default="-",
    help="Where to; standard output if left out.",
)
def export(code: str, form: str, output: BinaryIO) -> None:
    """Write all members of an organization, the suspended ones too, in the order they joined it."""
    with one_transaction():
        organization = organizations.called(code)
        query = (
            select(Membership)
            .where(Membership.organization_id == organization.id)
            .order_by(Membership.joined_at, Membership.id)
        )
        pieces = exporting.everything(
            FILE,
            queries.ids(query, Membership.id),
            form=FORMATS[form],
            narrowed="",
            organization=organization,
            by=None,
            now=utcnow(),
        )
    for piece in pieces:
        output.write(FORMATS[form].encoded(piece))


def register_commands(app: Flask) -> None:
    """Add `flask members …`."""
    app.cli.add_command(members)
