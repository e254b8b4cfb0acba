"""Planner: who plans, and by which right; what plans of every kind ask.

Here: asking a check and keeping what it refuses at its cell, settling what is given. Not here: what
a row does with somebody new (imports.newcomers) or with a member (imports.changes).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.access.persons import ensure_person
from app.access.seat import Seat
from app.imports.rows import Row, RowReader
from app.imports.verdicts import Mode, Plan, Verdict
from app.kernel.errors import Refusal
from app.memberships.service import log_fields
from app.models import Account, Membership, Organization
from app.offers.offer import Offer


@dataclass
class Planner:
    """Plans the rows of one file, for one author."""

    reader: RowReader
    organization: Organization
    mode: Mode
    by: Seat
    now: datetime
    _settled: dict[Offer, Offer | Refusal] = field(default_factory=dict)

    @staticmethod
    def member(plan: Plan) -> tuple[Membership, Account]:
        """The member whom a plan changes, and their account."""
        assert plan.membership is not None
        return plan.membership, plan.membership.account

    def attempt(
        self, row: Row, verdict: Verdict, check: Callable[[], object], key: str = ""
    ) -> bool:
        """Make a check; keep what it refuses, each at its cell. Return whether nothing was."""
        try:
            check()
        except Refusal as refusal:
            for one in refusal.each():
                self.refuse(row, verdict, one, key)
            return False
        return True

    def refuse(self, row: Row, verdict: Verdict, refusal: Refusal, key: str = "") -> None:
        """Keep a refusal; a cell that is refused already is not refused again for what follows."""
        place = self._place(refusal, key)
        if not any(one.column == place for one in (*row.problems, *verdict.problems) if place):
            verdict.problems.append(self._problem(row, place, refusal))

    def warn(self, row: Row, verdict: Verdict, said: Refusal, key: str = "") -> None:
        """Keep something that is only said."""
        verdict.warnings.append(self._problem(row, self._place(said, key), said))

    def offer(
        self, row: Row, verdict: Verdict, has: Offer, membership: Membership | None = None
    ) -> Offer | None:
        """What somebody is given, settled; None where that may not be, or is what a member has."""
        wanted = Offer(
            row.values.get("type", has.type),
            row.values.get("roles", has.roles),
            row.values.get("authorities", has.authorities),
        )
        if wanted.is_power:
            wanted = replace(wanted, authorities=frozenset())
        if membership is not None and is_same(wanted, has):
            return None
        key = next((one for one in ("type", "roles", "authorities") if one in row.values), "roles")
        if membership is not None and not self.attempt(
            row, verdict, lambda: self.by.must_cover_member(membership), key
        ):
            return None
        settled = self._settle(wanted)
        if isinstance(settled, Refusal):
            self.refuse(row, verdict, settled, key)
            return None
        if membership is None:
            return settled
        if settled.is_power:
            self.attempt(row, verdict, lambda: ensure_person(membership.account), key)
        self.attempt(row, verdict, lambda: settled.ensure_not_rising(membership, by=self.by), key)
        return None if is_same(settled, has) else settled

    def _settle(self, offer: Offer) -> Offer | Refusal:
        """Settle each offer once for the whole file."""
        if offer not in self._settled:
            try:
                self._settled[offer] = offer.settled(self.organization, by=self.by)
            except Refusal as refusal:
                self._settled[offer] = refusal
        return self._settled[offer]

    def _place(self, refusal: Refusal, key: str) -> str:
        """The column at which something is said: the refusal's own where the file has it."""
        places = self.reader.places
        whole = "name" if refusal.field in {"family_name", "given_name"} else ""
        found = (one for one in (refusal.field, whole, key) if one and one in places)
        return next(found, refusal.field or key)

    def _problem(self, row: Row, place: str, refusal: Refusal) -> Any:
        return self.reader.problem(row.line, place, row.raw.get(place, ""), refusal)


def is_same(one: Offer, other: Offer) -> bool:
    """Whether two offers give the same, in whichever order."""
    return (one.type, set(one.roles), one.authorities) == (
        other.type,
        set(other.roles),
        other.authorities,
    )


def differences(has: Offer, offer: Offer | None) -> dict[str, tuple[Any, Any]]:
    """What an offer changes of what somebody has."""
    if offer is None:
        return {}
    before, after = log_fields(has), log_fields(offer)
    same = {"roles": set(has.roles) == set(offer.roles)}
    return {
        key: (before[key], after[key])
        for key in after
        if before[key] != after[key] and not same.get(key)
    }
