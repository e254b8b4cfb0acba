"""Home: where a member starts.

Here: what each reader finds there. Not here: the way to it (web.home), the numbers
(organizations.queries).
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access

from app.access.authorities import under_headings
from app.access.difference import entries
from app.access.policy import may
from app.access.seat import Seat
from app.access.two_factor import Verdict, verdict_of
from app.activity import queries as activities
from app.activity.telling import tell_all
from app.kernel.clock import utcnow
from app.kernel.i18n import _, ngettext
from app.models import Organization
from app.organizations import growth, queries
from app.organizations.charts import Chart
from app.organizations.queries import Figures
from app.web import here
from app.web.calendar import zone
from app.web.granters import granters
from app.web.listing import COUNT_LIMIT

RECENT = 5


@dataclass(frozen=True)
class Step:
    """One step of setting an organization up, or something that needs attention."""

    title: str
    help: str = ""
    is_done: bool = False
    url: str = ""
    label: str = ""
    icon: str = ""


class HomeView(BaseView):
    """An organization's home: ホーム."""

    route_base = "/o/<organization>"
    default_view = "home"
    class_permission_name = "Home"
    method_permission_name = {"home": "read"}

    @expose("/")
    @has_access
    def home(self) -> str:
        seat, organization = here.seat(), here.organization()
        manages = may(seat, "manage", "Member") or may(seat, "manage", "Settings")
        figures = queries.figures(
            organization,
            members=may(seat, "read", "Member"),
            invites=may(seat, "read", "Invite"),
            manage=manages,
            now=utcnow(),
        )
        return str(
            self.render_template(
                "home/home.html",
                title=_("Home"),
                organization=organization,
                figures=figures,
                limit=COUNT_LIMIT,
                steps=first_steps(seat, figures) if manages else [],
                needs=needs_attention(seat, figures) if manages else [],
                recent=tell_all(activities.recent(organization, RECENT))
                if may(seat, "read", "Activity")
                else None,
                must_set_up=must_set_up(seat, organization),
                charts=charts_of(seat, figures),
                granters=[] if manages else granters(),
                holds=[]
                if seat.is_power
                else under_headings(entries(seat.authorities), lambda entry: entry),
            )
        )


def must_set_up(seat: Seat, organization: Organization) -> bool:
    """Whether the reader would be shut out at the deadline of the 2-step rule; asked only while one
    is ahead.
    """
    deadline = organization.two_factor_deadline
    if not organization.two_factor_required or deadline is None or deadline <= utcnow():
        return False
    return verdict_of(seat, now=deadline) is Verdict.SET_UP


def first_steps(seat: Seat, figures: Figures) -> list[Step]:
    """Return the steps of setting an organization up; none when all are done."""
    assert seat.organization is not None
    steps = [
        _mail_step(seat, figures),
        _power_step(seat, figures),
        _people_step(seat, figures),
        _code_step(seat, seat.organization, figures),
    ]
    steps.append(
        Step(
            _("Look through the roles"),
            is_done=figures.roles > 0,
            url=url_for("MemberRoleView.list") if may(seat, "read", "MemberRole") else "",
            help=_("The built-in ones are a start; add your own where they do not fit."),
            label=_("Open the roles"),
        )
    )
    return [] if all(step.is_done for step in steps) else steps


def charts_of(seat: Seat, figures: Figures) -> dict[str, Chart]:
    """Return the drawings that this reader may see, each of one statement; none of what would cost
    too much to count.
    """
    assert seat.organization is not None
    drawn: dict[str, Chart] = {}
    if may(seat, "read", "Member") and 1 < figures.members <= COUNT_LIMIT:
        drawn["members"] = growth.members(seat.organization, now=utcnow(), zone=zone())
    if may(seat, "read", "Invite"):
        drawn["invitations"] = growth.invitations(seat.organization, now=utcnow(), zone=zone())
    return drawn


def needs_attention(seat: Seat, figures: Figures) -> list[Step]:
    """Return what somebody should look at."""
    invites = url_for("InviteView.list") if may(seat, "read", "Invite") else ""
    members = (
        url_for("MemberView.list", sort="last_access_at") if may(seat, "read", "Member") else ""
    )
    found = [
        (
            figures.expired_invites,
            Step(
                ngettext(
                    "%(num)s invitation has expired",
                    "%(num)s invitations have expired",
                    figures.expired_invites,
                ),
                icon="exclamation-triangle-fill warn",
                help=_("An expired invitation cannot be sent again; make a new one from it."),
                url=invites,
                label=_("See the invitations"),
            ),
        ),
        (
            figures.undelivered,
            Step(
                ngettext(
                    "%(num)s letter could not be delivered",
                    "%(num)s letters could not be delivered",
                    figures.undelivered,
                ),
                icon="envelope-exclamation bad",
                help=_("The address may be wrong."),
                url=invites,
                label=_("See the invitations"),
            ),
        ),
        (
            figures.unseen,
            Step(
                ngettext(
                    "%(num)s member has not been here for 90 days",
                    "%(num)s members have not been here for 90 days",
                    figures.unseen,
                ),
                icon="clock faint",
                help=_("Consider suspending or removing them."),
                url=members,
                label=_("See the members"),
            ),
        ),
    ]
    return [step for number, step in found if number]


def _mail_step(seat: Seat, figures: Figures) -> Step:
    allowed = may(seat, "manage", "Outbox")
    return Step(
        _("See that mail arrives"),
        is_done=figures.mail_works,
        url=url_for("OutboxView.list") if allowed else "",
        label=_("Send a test letter"),
        help=""
        if allowed
        else _("No letter has left yet. The first invitation will show whether mail works."),
    )


def _power_step(seat: Seat, figures: Figures) -> Step:
    return Step(
        _("Name a second power user"),
        is_done=figures.power_users > 1,
        url=url_for("MemberView.list") if may(seat, "manage", "Member") else "",
        help=_("So that somebody can help when the first is away."),
        label=_("See the members"),
    )


def _people_step(seat: Seat, figures: Figures) -> Step:
    joined = ngettext("%(num)s member has joined", "%(num)s members have joined", figures.members)
    return Step(
        _("Invite people"),
        is_done=figures.members > 1,
        url=url_for("InviteView.add") if may(seat, "send", "Invite") else "",
        label=_("New invitation"),
        help=joined if figures.members > 1 else _("Up to 20 addresses at once."),
    )


def _code_step(seat: Seat, organization: Organization, figures: Figures) -> Step:
    missing = figures.without_two_factor
    return Step(
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
