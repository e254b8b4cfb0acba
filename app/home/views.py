"""Home: where a member starts.

Here: what each reader finds there. Not here: what is left to do (home.next_steps), the way
to it (home.chooser), the numbers (organizations.queries).
"""

from __future__ import annotations

from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access

from app.access.authorities import under_headings
from app.access.difference import entries
from app.access.policy import may
from app.access.seat import Seat
from app.access.two_factor import Verdict, verdict_of
from app.activity import queries as activities
from app.activity_log.rendering import render_all
from app.home import charts, queries
from app.home.charts import TrendChart
from app.home.next_steps import first_steps, needs_attention
from app.home.queries import HomeFigures
from app.http import context
from app.kernel.clock import utcnow
from app.kernel.i18n import _
from app.models import Organization
from app.screens.frame.granters import granters
from app.screens.list_query import COUNT_LIMIT
from app.screens.moments.calendar import zone

RECENT = 5


class HomeView(BaseView):
    """An organization's home: ホーム."""

    route_base = "/o/<organization>"
    default_view = "home"
    class_permission_name = "Home"
    method_permission_name = {"home": "read"}

    @expose("/")
    @has_access
    def home(self) -> str:
        seat, organization = context.seat(), context.organization()
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
                recent=render_all(activities.recent(organization, RECENT))
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


def charts_of(seat: Seat, figures: HomeFigures) -> dict[str, TrendChart]:
    """Return the drawings that this reader may see, each of one statement; none of what would cost
    too much to count.
    """
    assert seat.organization is not None
    drawn: dict[str, TrendChart] = {}
    if may(seat, "read", "Member") and 1 < figures.members <= COUNT_LIMIT:
        drawn["members"] = charts.members(seat.organization, now=utcnow(), zone=zone())
    if may(seat, "read", "Invite"):
        drawn["invitations"] = charts.invitations(seat.organization, now=utcnow(), zone=zone())
    return drawn
