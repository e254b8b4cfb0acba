"""Charts of the home: an organization's members and invitations over time, and where the numbers
stand on a drawing of 320 by 104.

Here: counting, one statement each, the dates in the reader's language, scale and points. Not here:
the drawing itself (templates/home/_charts.html).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from babel.dates import format_date
from sqlalchemy import ColumnElement, and_, case, func, select

from app.extensions import db
from app.kernel.clock import day_of, start_of_day
from app.kernel.i18n import _, current_language
from app.models import Invite, InviteStatus, Membership, Organization
from app.organizations.queries import active_members

MONTHS, WEEKS = 12, 8
WEEK = timedelta(days=7)
LEFT, RIGHT, TOP, BOTTOM = 4.0, 288.0, 12.5, 80.5
BAR = 20
STEPS = (2, 4, 6, 8, 10)


@dataclass(frozen=True)
class TrendBar:
    """One upright bar and the part of it that is filled."""

    x: float
    y: float
    height: float
    part_y: float
    part_height: float


@dataclass(frozen=True)
class TrendChart:
    """Numbers over time; `parts` are so many of each.

    `short` labels stand below the drawing, whole ones in its table.
    """

    labels: Sequence[str]
    short: Sequence[str]
    values: Sequence[int]
    parts: Sequence[int] = ()

    @property
    def top(self) -> int:
        """The number at the upper edge: round, and even so that its half is one too."""
        return round_up(max(self.values, default=0))

    @property
    def total(self) -> int:
        return sum(self.values)

    @property
    def total_part(self) -> int:
        return sum(self.parts)

    @property
    def points(self) -> list[tuple[float, float]]:
        """Where each number stands on a line."""
        step = (RIGHT - LEFT) / max(len(self.values) - 1, 1)
        return [
            (round(LEFT + step * place, 1), self._y(value))
            for place, value in enumerate(self.values)
        ]

    @property
    def line(self) -> str:
        """The line through them, as an SVG path."""
        return "M" + " ".join(f"{x:g} {y:g}" for x, y in self.points)

    @property
    def area(self) -> str:
        """What is below the line."""
        return f"{self.line}V{BOTTOM:g}H{LEFT:g}Z"

    @property
    def bars(self) -> list[TrendBar]:
        """Where each number stands as a bar."""
        slot = (RIGHT + LEFT) / max(len(self.values), 1)
        drawn = []
        for place, (value, part) in enumerate(zip(self.values, self.parts, strict=True)):
            y, part_y = self._y(value), self._y(part)
            drawn.append(
                TrendBar(
                    round((slot - BAR) / 2 + slot * place, 1),
                    y,
                    round(BOTTOM - y, 1),
                    part_y,
                    round(BOTTOM - part_y, 1),
                )
            )
        return drawn

    def _y(self, value: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * value / self.top, 1)


def round_up(number: int) -> int:
    """The next of 2, 4, 6, 8, 10, 20, 40 … that is not smaller."""
    scale = 1
    while STEPS[-1] * scale < number:
        scale *= 10
    return next(step * scale for step in STEPS if step * scale >= number)


def members(organization: Organization, *, now: datetime, zone: tzinfo) -> TrendChart:
    """How many of today's active members had joined by the end of each of the last twelve
    months."""
    first_days = _months(day_of(now, zone))
    ends = [*(start_of_day(day, zone) for day in first_days[1:]), now]
    counted = active_members(organization).with_only_columns(
        *(_sum(Membership.joined_at <= end) for end in ends)
    )
    values = [int(value) for value in db.session.execute(counted).one()]
    return TrendChart(
        [_said(day, "MMMM y", "y年M月") for day in first_days],
        [_said(day, "MMM", "M月") for day in first_days],
        values,
    )


def invitations(organization: Organization, *, now: datetime, zone: tzinfo) -> TrendChart:
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
    return TrendChart(
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
