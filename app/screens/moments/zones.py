"""Whose time zone counts: the reader's; for strangers that of the organization whose page it is.

Here: the names of zones. Not here: writing moments in them (screens.formatters), days as moments
(kernel.clock), what a browser says (accounts.service).
"""

from __future__ import annotations

from flask import current_app, has_request_context

from app.access.context import context, current_seat
from app.models import Organization

TOKYO, UTC = "Asia/Tokyo", "UTC"


def reader_zone() -> str:
    """The zone of whoever reads: their account's; a stranger's is that of the page's organization,
    else the portal's usual one.
    """
    if not has_request_context():
        return usual_zone()
    seat = current_seat()
    if seat is not None:
        return seat.account.time_zone
    return context().time_zone or usual_zone()


def show_as(organization: Organization) -> None:
    """Let strangers read this page's moments in an organization's zone."""
    context().time_zone = organization.time_zone


def usual_zone(language: str = "") -> str:
    """The zone where nothing else is known: Tokyo's for Japanese, by choice or by the portal's
    default language.
    """
    spoken = (language, str(current_app.config["BABEL_DEFAULT_LOCALE"]))
    return TOKYO if any(one.startswith("ja") for one in spoken) else UTC
