"""What is left to do in an organization: the first steps, and what needs attention.

Here: one card for each, and who is led where. Not here: the page (home.views), the numbers
(organizations.queries).
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from app.access.policy import may
from app.access.seat import Seat
from app.home.queries import HomeFigures
from app.kernel.i18n import _, ngettext
from app.models import Organization


@dataclass(frozen=True)
class NextStep:
    """One step of setting an organization up, or something that needs attention."""

    title: str
    help: str = ""
    is_done: bool = False
    url: str = ""
    label: str = ""
    icon: str = ""


def first_steps(seat: Seat, figures: HomeFigures) -> list[NextStep]:
    """Return the steps of setting an organization up; none when all are done."""
    assert seat.organization is not None
    steps = [
        _mail_step(seat, figures),
        _power_step(seat, figures),
        _people_step(seat, figures),
        _code_step(seat, seat.organization, figures),
    ]
    steps.append(
        NextStep(
            _("Look through the roles"),
            is_done=figures.roles > 0,
            url=url_for("MemberRoleView.list") if may(seat, "read", "MemberRole") else "",
            help=_("The built-in ones are a start; add your own where they do not fit."),
            label=_("Open the roles"),
        )
    )
    return [] if all(step.is_done for step in steps) else steps


def needs_attention(seat: Seat, figures: HomeFigures) -> list[NextStep]:
    """Return what somebody should look at."""
    invites = url_for("InviteView.list") if may(seat, "read", "Invite") else ""
    members = (
        url_for("MemberView.list", sort="last_access_at") if may(seat, "read", "Member") else ""
    )
    found = [
        (figures.expired_invites, _expired(figures.expired_invites, invites)),
        (figures.undelivered, _undelivered(figures.undelivered, invites)),
        (figures.unseen, _unseen(figures.unseen, members)),
    ]
    return [step for number, step in found if number]


def _mail_step(seat: Seat, figures: HomeFigures) -> NextStep:
    allowed = may(seat, "manage", "Outbox")
    return NextStep(
        _("See that mail arrives"),
        is_done=figures.mail_works,
        url=url_for("OutboxView.list") if allowed else "",
        label=_("Send a test letter"),
        help=""
        if allowed
        else _("No letter has left yet. The first invitation will show whether mail works."),
    )


def _power_step(seat: Seat, figures: HomeFigures) -> NextStep:
    return NextStep(
        _("Name a second power user"),
        is_done=figures.power_users > 1,
        url=url_for("MemberView.list") if may(seat, "manage", "Member") else "",
        help=_("So that somebody can help when the first is away."),
        label=_("See the members"),
    )


def _people_step(seat: Seat, figures: HomeFigures) -> NextStep:
    joined = ngettext("%(num)s member has joined", "%(num)s members have joined", figures.members)
    return NextStep(
        _("Invite people"),
        is_done=figures.members > 1,
        url=url_for("InviteView.add") if may(seat, "send", "Invite") else "",
        label=_("New invitation"),
        help=joined if figures.members > 1 else _("Up to 20 addresses at once."),
    )


def _code_step(seat: Seat, organization: Organization, figures: HomeFigures) -> NextStep:
    missing = figures.without_two_factor
    return NextStep(
        _("Require 2-step verification"),
        is_done=organization.two_factor_required,
        help=ngettext(
            "%(num)s member has not turned it on.",
            "%(num)s members have not turned it on.",
            missing,
        )
        if missing
        else "",
        url=url_for("TwoFactorBoardView.list", standing="missing")
        if may(seat, "manage", "Settings")
        else "",
        label=_("See who is missing"),
    )


def _expired(number: int, invites: str) -> NextStep:
    return NextStep(
        ngettext("%(num)s invitation has expired", "%(num)s invitations have expired", number),
        icon="exclamation-triangle-fill warn",
        help=_("An expired invitation cannot be sent again; make a new one from it."),
        url=invites,
        label=_("See the invitations"),
    )


def _undelivered(number: int, invites: str) -> NextStep:
    return NextStep(
        ngettext(
            "%(num)s letter could not be delivered",
            "%(num)s letters could not be delivered",
            number,
        ),
        icon="envelope-exclamation bad",
        help=_("The address may be wrong."),
        url=invites,
        label=_("See the invitations"),
    )


def _unseen(number: int, members: str) -> NextStep:
    return NextStep(
        ngettext(
            "%(num)s member has not been here for 90 days",
            "%(num)s members have not been here for 90 days",
            number,
        ),
        icon="clock faint",
        help=_("Consider suspending or removing them."),
        url=members,
        label=_("See the members"),
    )
