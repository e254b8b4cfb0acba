"""Cells: what a role binding looks like in the list and on its page.

Here: words and badges for one. Not here: which are listed (bindings.queries).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import get_template_attribute
from markupsafe import Markup

from app.access.authorities import CATALOGUE
from app.kernel.i18n import _, lazy, ngettext
from app.member_roles.builtin import role_name
from app.models import RoleBinding
from app.screens.formatters import display_name

LABELS = {
    "address": lazy("Added as"),
    "made_by": lazy("Added by"),
    "type": lazy("Type"),
    "offer": lazy("Is given"),
    "status": lazy("State"),
    "created_at": lazy("Added"),
}


def offer(binding: RoleBinding) -> str:
    """What is given, in a few words."""
    if binding.is_power:
        return _("Every authority")
    parts = [role_name(role) for role in binding.roles]
    if binding.authorities:
        count = len(binding.authorities)
        parts.append(ngettext("%(num)s authority", "%(num)s authorities", count))
    return " + ".join(parts) or "—"


def authorities(binding: RoleBinding) -> list[Any]:
    """The single authorities that are given, by name."""
    return [one.name for key, one in CATALOGUE.items() if key in binding.authorities]


def maker_name(binding: RoleBinding) -> str:
    """Who added the person; the address where the account is gone."""
    return display_name(binding.made_by) if binding.made_by else binding.made_by_email or "—"


def _drawn(macro: str) -> Callable[[RoleBinding], Markup]:
    def cell(binding: RoleBinding) -> Markup:
        words = {"offer": offer(binding), "maker": maker_name(binding)}
        return Markup(get_template_attribute("bindings/_cells.html", macro)(binding, words))

    return cell


CELLS = {name: _drawn(name) for name in LABELS}
"""One drawing per column."""
