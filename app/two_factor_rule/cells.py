"""Cells: how a member's standing looks on the board.

Here: one standing to Markup, one function per column. Not here: which there are
(two_factor_rule.queries).
"""

from __future__ import annotations

from typing import Any

from flask import get_template_attribute
from markupsafe import Markup

from app.access.policy import may
from app.http.context import seat
from app.kernel.errors import obstacle
from app.kernel.i18n import lazy, listed
from app.screens.formatters import when
from app.two_factor.methods import LABELS as METHODS
from app.two_factor_rule import service
from app.two_factor_rule.queries import EXCEPTED, HAS, MISSING, RuleStanding

LABELS: dict[str, Any] = {
    "name": lazy("Name"),
    "methods": lazy("Second factors"),
    "last_access_at": lazy("Last access"),
    "standing": lazy("2-step verification"),
    "exception": lazy("Exception"),
}
STATES: dict[str, Any] = {MISSING: lazy("Missing"), HAS: lazy("Set up"), EXCEPTED: lazy("Excepted")}


def name(row: RuleStanding) -> Markup:
    """Picture and name; a link for those who may see members."""
    return _cell(
        "name",
        row.membership,
        may(seat(), "read", "Member"),
        row.membership.account_id == seat().account.id,
    )


def methods(row: RuleStanding) -> Markup:
    """What the member has, the safest first; names only."""
    return _cell(
        "methods", listed(label for method, label in METHODS.items() if method in row.factors)
    )


def last_access(row: RuleStanding) -> Markup:
    """When they were last in the organization."""
    return when(row.membership.last_access_at)


def standing(row: RuleStanding) -> Markup:
    """Missing, set up, or excepted."""
    return _cell("standing", row.state, STATES[row.state])


def exception(row: RuleStanding) -> Markup:
    """Until when and why, and what can be done about it; or why it cannot."""
    return _cell("exception", row, obstacle(lambda: service.ensure_may(row.membership, by=seat())))


def _cell(macro: str, *words: Any) -> Markup:
    return Markup(get_template_attribute("two_factor_rule/_cells.html", macro)(*words))


CELLS = {
    "name": name,
    "methods": methods,
    "last_access_at": last_access,
    "standing": standing,
    "exception": exception,
}
