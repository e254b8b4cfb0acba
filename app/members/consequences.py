"""Consequences: what goes with members who are suspended or removed, in words for the pages that
ask first.

Here: labels and values. Not here: counting (members.leaving), the verbs (members.service).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.kernel.i18n import _, ngettext
from app.members import leaving
from app.members.leaving import Baggage
from app.models import Membership

Lines = list[tuple[str, str]]


def of_removal(these: Sequence[Membership], *, now: datetime) -> Lines:
    """What members lose when they are removed, or leave."""
    goes = leaving.baggage(these, now=now)
    lines = [
        (goes.roles, _("Roles"), f"{goes.roles}"),
        (goes.authorities, _("Single authorities"), f"{goes.authorities}"),
        (
            goes.managed,
            _("Accounts that this organization registered"),
            ngettext(
                "%(num)s, from then on edited by its owner alone",
                "%(num)s, from then on edited by their owners alone",
                goes.managed,
            ),
        ),
    ]
    return _at_once(goes) + [(label, value) for count, label, value in lines if count]


def of_suspension(these: Sequence[Membership], *, now: datetime) -> Lines:
    """What members lose while they are suspended; roles and authorities wait for them."""
    return _at_once(leaving.baggage(these, now=now))


def _at_once(goes: Baggage) -> Lines:
    lines = [
        (
            goes.sessions,
            _("Open sessions"),
            ngettext(
                "%(num)s, loses access at once", "%(num)s, lose access at once", goes.sessions
            ),
        ),
        (
            goes.invites,
            _("Pending invitations sent"),
            ngettext("%(num)s, will be cancelled", "%(num)s, will be cancelled", goes.invites),
        ),
        (
            goes.keys,
            _("API keys"),
            ngettext(
                "%(num)s, will be revoked for good", "%(num)s, will be revoked for good", goes.keys
            ),
        ),
    ]
    return [(label, value) for count, label, value in lines if count]
