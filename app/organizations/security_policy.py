"""The security policy: what an organization asks of its members' sign-in and sessions.

Here: what may be demanded, and what follows at once from a change. Not here: the rule at each
request (access.two_factor), the letters (two_factor_rule), what a session's limits are (sessions).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.access.seat import Seat
from app.access.two_factor import bites, verdict_of
from app.activity.service import Actor
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import _, lazy, ngettext
from app.models import FirstLogin, Organization
from app.outbox import after_commit
from app.sessions import lifetimes
from app.two_factor_rule import queries, reminders

LIMITS = {"session_idle_minutes": (5, 480), "session_hours": (1, 168)}
RULE = ("two_factor_required", "two_factor_strong", "two_factor_deadline")


class OutOfLimits(Refusal):
    """A session that lasts no time, or for ever."""

    status = 422
    text = lazy("Between %(min)d and %(max)d.")


class DeadlinePassed(Refusal):
    """A deadline nobody can keep."""

    status = 422
    field = "two_factor_deadline"
    text = lazy("This day is over. Choose a later one, or none: then the rule holds at once.")


class YouFirst(Refusal):
    """B-52: whoever closes the door stands inside."""

    status = 409
    field = "two_factor_strong"
    text = lazy(
        "You would shut yourself out. Sign in with an authenticator app or a passkey first, or set"
        " a date from which the rule holds."
    )


class BeginsAtOnce(Refusal):
    """T2-33: a rule that would keep people out as soon as it is saved, which nobody said they
    meant.
    """

    status = 409
    field = "at_once"

    def __init__(self, *, people: int, is_strong: bool, is_oneself: bool) -> None:
        super().__init__()
        self.people, self.is_strong, self.is_oneself = people, is_strong, is_oneself

    @property
    def sentences(self) -> list[str]:
        """How many people, and whether oneself is among them."""
        how_many = _kept_out_if_strong if self.is_strong else _kept_out
        oneself = _("You are one of them: after saving, you will be led to what you have to do.")
        return [how_many(self.people), *([oneself] if self.is_oneself else [])]

    def __str__(self) -> str:
        return " ".join(self.sentences)


def ensure_possible(organization: Organization, changed: dict[str, Any], *, now: datetime) -> None:
    """Raise OutOfLimits or DeadlinePassed where a demand is none that can be met."""
    for name, (least, most) in LIMITS.items():
        if not least <= changed.get(name, least) <= most:
            raise OutOfLimits(field=name, min=least, max=most)
    deadline = changed.get("two_factor_deadline")
    if deadline is not None and deadline <= now and deadline != organization.two_factor_deadline:
        raise DeadlinePassed()


def loosens(organization: Organization, chosen: Mapping[str, Any]) -> bool:
    """Whether a change asks less of anybody than the organization asks now; what it does not name
    stays.
    """
    if any(chosen.get(name, 0) > getattr(organization, name) for name in LIMITS):
        return True
    if organization.grant_only_held and not chosen.get("grant_only_held", True):
        return True
    if (
        chosen.get("first_login") is FirstLogin.PASSWORD
        and organization.first_login is not FirstLogin.PASSWORD
    ):
        return True
    return organization.two_factor_required and _loosens_rule(organization, chosen)


def holds(organization: Organization, *, now: datetime) -> tuple[bool, bool]:
    """Whether the rule holds at this moment, and whether it is the strong one."""
    return bites(organization, now=now), is_strong_now(organization, now=now)


def ensure_meant(
    organization: Organization, *, held: tuple[bool, bool], by: Seat, now: datetime
) -> None:
    """Raise BeginsAtOnce where a rule came into force, or became strong, that keeps anybody out;
    `held` is how it held before.
    """
    holding = holds(organization, now=now)
    if not any(after > before for before, after in zip(held, holding, strict=True)):
        return
    oneself = verdict_of(by, now=now, organization=organization).withholds
    people = queries.kept_out(organization, also=by.account.id if oneself else 0, now=now)
    if people:
        raise BeginsAtOnce(people=people, is_strong=holding[1], is_oneself=oneself)


def is_strong_now(organization: Organization, *, now: datetime) -> bool:
    """Whether codes by mail open nothing here at this moment."""
    return organization.two_factor_strong and bites(organization, now=now)


def ensure_inside(
    organization: Organization, *, by: Actor, was_strong: bool, now: datetime
) -> None:
    """Raise YouFirst where a strong rule came into force that shuts out whoever made it; the
    platform administrator can undo it.
    """
    if (
        was_strong
        or not is_strong_now(organization, now=now)
        or not isinstance(by, Seat)
        or by.is_platform_administrator
    ):
        return
    if verdict_of(by, now=now, organization=organization).withholds:
        raise YouFirst()


def follow(organization: Organization, differing: dict[str, list[Any]]) -> None:
    """Do what a change of demands brings: shorter sessions bite at once, whoever is missing is
    told.
    """
    if any(name in differing and differing[name][1] < differing[name][0] for name in LIMITS):
        lifetimes.shorten(organization)
    if not any(name in differing for name in RULE):
        return
    db.session.flush()
    if organization.two_factor_required:
        after_commit.run_job(reminders.JOB)
    else:
        reminders.forget(organization)


def _kept_out(people: int) -> str:
    return ngettext(
        "Saved like this, the rule holds at once: %(num)s member is kept out until"
        " they sign in with a second step.",
        "Saved like this, the rule holds at once: %(num)s members are kept out until"
        " they sign in with a second step.",
        people,
    )


def _kept_out_if_strong(people: int) -> str:
    return ngettext(
        "Saved like this, the rule holds at once: %(num)s member is kept out until"
        " they sign in with an authenticator app or a passkey.",
        "Saved like this, the rule holds at once: %(num)s members are kept out until"
        " they sign in with an authenticator app or a passkey.",
        people,
    )


def _loosens_rule(organization: Organization, chosen: Mapping[str, Any]) -> bool:
    if any(
        getattr(organization, name) and not chosen.get(name, True)
        for name in ("two_factor_required", "two_factor_strong")
    ):
        return True
    before, after = (
        organization.two_factor_deadline,
        chosen.get("two_factor_deadline", organization.two_factor_deadline),
    )
    return after is not None and after != before and (before is None or after > before)
