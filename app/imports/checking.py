"""Checking: what a file would do, row by row; reads only (D-C6).

Here: whom each row means, rows that name the same person, the last power user by simulation, the
limit on what a check tells (D-C11). Not here: what one row does (imports.newcomers,
imports.changes), doing it (imports.running).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from app.access.last_power_user import LastPowerUser
from app.access.seat import Seat
from app.accounts.identity import EmailTaken, LoginIdTaken
from app.imports import judging, row_refusals
from app.imports.people import People, people_of, power_users
from app.imports.planner import Planner
from app.imports.reading import Table
from app.imports.rows import Row, RowReader
from app.imports.verdicts import Mode, Outcome, Verdict, Verdicts
from app.imports.vocabulary import vocabulary_of
from app.managed_accounts.registering import LOOKUPS
from app.models import Membership, Organization

SHOWN = 1_000
"""Rows of a file in which new people are kept with all that the file says of them."""
CHUNK = 500
"""Rows whose people are found with a few statements."""


def check(
    table: Table,
    organization: Organization,
    *,
    mode: Mode,
    by: Seat,
    now: datetime,
    keeps_plans: bool = False,
    tells: bool = True,
) -> Verdicts:
    """Say what every row would do. Raises TooManyLookups where too many rows asked whether a login
    ID is taken; unless nobody is told.
    """
    reader = RowReader(table, vocabulary_of(organization))
    checker = _Checker(Planner(reader, organization, mode, by, now), tells)
    for rows in _chunks(reader.rows()):
        checker.chunk(rows, keeps_plans=keeps_plans)
    checker.keep_a_power_user()
    return Verdicts(checker.verdicts)


@dataclass
class _Checker:
    """Checks the chunks of one file, and keeps what later rows are compared with."""

    planner: Planner
    tells: bool
    verdicts: list[Verdict] = field(default_factory=list)
    named: dict[tuple[str, object], Verdict] = field(default_factory=dict)
    rising: set[int] = field(default_factory=set)
    falling: list[tuple[int, Verdict]] = field(default_factory=list)
    new_power: int = 0

    def chunk(self, rows: Sequence[Row], *, keeps_plans: bool) -> None:
        people = people_of(rows, self.planner.organization, now=self.planner.now)
        for row in rows:
            verdict = self._one(row, people)
            self._count_lookups(verdict)
            self._count_power(verdict)
            verdict.settle()
            if not keeps_plans:
                verdict.plan, verdict.raw = None, {}
                if len(self.verdicts) >= SHOWN and verdict.outcome is Outcome.ADD:
                    verdict.changes = {}
            self.verdicts.append(verdict)

    def _one(self, row: Row, people: People) -> Verdict:
        verdict = judging.begin(row)
        if verdict.outcome is not Outcome.SKIP:
            member = judging.member_of(self.planner, row, verdict, people)
            if not verdict.problems and self._is_first(row, verdict, member):
                judging.plan(self.planner, row, verdict, people, member)
        return judging.settle(row, verdict)

    def _is_first(self, row: Row, verdict: Verdict, member: Membership | None) -> bool:
        """Whether no line before names the same person; equal lines are one, others are both
        refused.
        """
        keys: list[tuple[str, object]] = [*row.keys.items()]
        if member is not None:
            keys.append(("member", member.id))
        before = next((self.named[key] for key in keys if key in self.named), None)
        for key in keys:
            self.named.setdefault(key, verdict)
        if before is None:
            return True
        if before.equals == verdict.equals:
            verdict.outcome = Outcome.SKIP
            self.planner.warn(row, verdict, row_refusals.SameAsLine(line=before.line), "login_id")
            return False
        self.planner.refuse(row, verdict, row_refusals.TwiceInFile(line=before.line), "login_id")
        other = row_refusals.TwiceInFile(line=verdict.line)
        if not any(one.code == other.name for one in before.problems):
            before.refuse(self.planner.reader.problem(before.line, "login_id", "", other))
        return False

    def _count_lookups(self, verdict: Verdict) -> None:
        """A login ID or an address that is taken elsewhere tells that it is: so many an hour."""
        taken = (isinstance(one.refusal, LoginIdTaken | EmailTaken) for one in verdict.problems)
        if self.tells and any(taken):
            LOOKUPS.hit(self.planner.by.account.id)

    def _count_power(self, verdict: Verdict) -> None:
        plan = verdict.plan
        if plan is None or verdict.outcome in {Outcome.ERROR, Outcome.UNCHANGED}:
            return
        membership = plan.membership
        if membership is None or verdict.outcome is Outcome.COME_BACK:
            self.new_power += verdict.makes_power and verdict.outcome is not Outcome.INVITE
            return
        is_power = plan.offer.is_power if plan.offer is not None else membership.is_power
        stays = verdict.outcome is not Outcome.REMOVE and not plan.suspends
        is_there = plan.reinstates or not membership.is_suspended
        if is_power and stays and is_there:
            self.rising.add(membership.id)
        elif membership.is_power:
            self.falling.append((membership.id, verdict))

    def keep_a_power_user(self) -> None:
        """Refuse the last row that would leave nobody who runs the organization (D-2)."""
        falling = [(pk, one) for pk, one in self.falling if one.outcome is not Outcome.ERROR]
        if not falling:
            return
        before = power_users(self.planner.organization)
        left = before - {pk for pk, _verdict in falling} | self.rising
        if left or self.new_power or not before:
            return
        verdict = falling[-1][1]
        place = self.planner.reader.problem(verdict.line, "type", "", LastPowerUser())
        verdict.refuse(place)


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while found := list(islice(rows, CHUNK)):
        yield found
