"""Cells: how an account looks in the list.

Here: one listed account to Markup, one function per column. Not here: what the columns are called
(accounts.columns).
"""

from __future__ import annotations

from typing import Any

from flask import get_template_attribute
from markupsafe import Markup

from app.access.context import current_seat
from app.accounts import locking
from app.accounts.queries import Listed
from app.kernel.clock import utcnow
from app.screens.formatters import when


def name(row: Listed) -> Markup:
    """Picture, name as a link; below it the reading, and whether it is the reader or runs the
    platform.
    """
    return _cell("name", row, _is_you(row))


def email(row: Listed) -> Markup:
    """The address, cut where the column ends."""
    return _cell("email", row.account)


def login_id(row: Listed) -> Markup:
    """The login ID, cut where the column ends."""
    return _cell("login_id", row.account)


def organizations(row: Listed) -> Markup:
    """How many organizations the account belongs to."""
    return _cell("organizations", row.organizations)


def last_sign_in(row: Listed) -> Markup:
    """When somebody last signed in with it; "never" before the first time."""
    return when(row.account.last_sign_in_at)


def state(row: Listed) -> Markup:
    """Active, suspended, or never signed in."""
    return _cell("status", locking.state_of(row.account, now=utcnow()))


def _cell(macro: str, *words: Any) -> Markup:
    return Markup(get_template_attribute("accounts/_cells.html", macro)(*words))


def _is_you(row: Listed) -> bool:
    seat = current_seat()
    return seat is not None and seat.account.id == row.account.id


CELLS = {
    "name": name,
    "email": email,
    "login_id": login_id,
    "organizations": organizations,
    "last_sign_in_at": last_sign_in,
    "state": state,
}
