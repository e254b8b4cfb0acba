"""Growth: an organization's members and invitations over time.

Here: counting, one statement each, and the dates in the reader's language. Not here: where they are
drawn (organizations.charts).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from babel.dates import format_date
from sqlalchemy import ColumnElement, and_, case, func, select

from app.extensions import db
from app.kernel.clock import day_of, start_of_day
from app.kernel.i18n import _, current_language
from app.models import Invite, InviteStatus, Membership, Organization
from app.organizations.charts import Chart
from app.organizations.queries import active_members

MONTHS, WEEKS = 12, 8
WEEK = timedelta(days=7)


def members(organization: Organization, *, now: datetime, zone: tzinfo) -> Chart:
    """How many of today's active members had joined by the end of each of the last twelve
    months."""
    first_days = _months(day_of(now, zone))
    ends = [*(start_of_day(day, zone) for day in first_days[1:]), now]
    counted = active_members(organization).with_only_columns(
        *(_sum(Membership.joined_at <= end) for end in ends)
    )
    values = [int(value) for value in db.session.execute(counted).one()]
    return Chart(
        [_said(day, "MMMM y", "y年M月") for day in first_days],
        [_said(day, "MMM", "M月") for day in first_days],
        values,
    )


def invitations(organization: Organization, *, now: datetime, zone: tzinfo) -> Chart:
    """How many invitations were made in each of the last eight weeks, and how many of these were
    accepted.
    """
    today = day_of(now, zone)
    monday = today - timedelta(days=today.weekday())
    days = [monday - WEEK * ago for ago in range(WEEKS - 1, -1, -1)]
    spans = [_between(start_of_day(day, zone), start_of_day(day + WEEK, zone)) for day in days]
    accepted = Invite.status == InviteStatus.ACCEPTED
    row = db.session.execute(
        select(
            *(_sum(span) for span in spans), *(_sum(and_(span, accepted)) for span in spans)
        ).where(
            Invite.organization_id == organization.id,
            Invite.created_at >= start_of_day(days[0], zone),
        )
    ).one()
    numbers = [int(value) for value in row]
    labels = [_("Week of %(date)s", date=_said(day, "d MMMM y", "y年M月d日")) for day in days]
    return Chart(
        labels,
        [*(_said(day, "d MMM", "M月d日") for day in days[:-1]), _("this week")],
        numbers[:WEEKS],
        numbers[WEEKS:],
    )


def _months(today: date) -> list[date]:
    """The first days of the last twelve months, this one last."""
    counted = today.year * 12 + today.month - 1
    return [
        date(number // 12, number % 12 + 1, 1)
        for number in range(counted - MONTHS + 1, counted + 1)
    ]


def _between(start: datetime, end: datetime) -> ColumnElement[bool]:
    return and_(Invite.created_at >= start, Invite.created_at < end)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _said(day: date, pattern: str, japanese: str) -> str:
    language = current_language()
    return format_date(day, japanese if language.startswith("ja") else pattern, locale=language)
