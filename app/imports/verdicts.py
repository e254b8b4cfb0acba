"""Verdicts: what a row of a file would do, or why it cannot.

Here: outcomes, modes, the plan of a row, counts. Not here: how one is reached (imports.checking).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.imports.problems import Problem
from app.kernel.tokens import digest
from app.models import Membership
from app.offers.offer import Offer


class Outcome(StrEnum):
    """What becomes of a row, the first that applies."""

    ERROR = "error"
    INVITE = "invite"
    ADD = "add"
    COME_BACK = "come_back"
    CHANGE = "change"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REMOVE = "remove"
    UNCHANGED = "unchanged"
    SKIP = "skip"


DOING = frozenset(Outcome) - {Outcome.ERROR, Outcome.UNCHANGED, Outcome.SKIP}
"""Outcomes in which something happens."""


class New(StrEnum):
    """What happens with people who are no members."""

    REGISTER = "register"
    INVITE = "invite"
    LEAVE_OUT = "leave_out"


@dataclass(frozen=True)
class Mode:
    """What a file may do."""

    new: New = New.REGISTER
    changes: bool = True
    removes: bool = False
    sets_passwords: bool = False


@dataclass(slots=True)
class Plan:
    """What a row does, as keywords of the verbs that do it."""

    membership: Membership | None = None
    identity: dict[str, Any] = field(default_factory=dict)
    password: str | None = None
    offer: Offer | None = None
    suspends: bool = False
    reason: str = ""
    reinstates: bool = False
    hashed: str = ""
    """The password’s hash, where it was made before the transaction."""


@dataclass(slots=True)
class Verdict:
    """One row: what it does, to whom, and everything that speaks against it."""

    line: int
    outcome: Outcome = Outcome.UNCHANGED
    name: str = ""
    membership_id: int | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    makes_power: bool = False
    plan: Plan | None = None
    raw: dict[str, str] = field(default_factory=dict)
    """The cells as they stand in the file, by column."""
    said: str = ""
    """A digest of the changes, for they are kept of the rows that are shown only."""
    equals: int = 0
    """What its cells say, as a number: two equal lines are one."""

    def settle(self) -> None:
        """Work out the digest of what the row does."""
        self.said = digest(repr(_plain(self.changes)))[:16] if self.changes else ""

    def refuse(self, *problems: Problem) -> None:
        """Let the row do nothing, for these reasons."""
        self.outcome, self.plan = Outcome.ERROR, None
        self.problems.extend(problems)

    @property
    def phase(self) -> int:
        """When it is done: “A down, B up” works in any order (D-2)."""
        plan = self.plan
        if self.outcome is Outcome.REMOVE:
            return 4
        if plan is not None and plan.membership is not None:
            falls = plan.membership.is_power and plan.offer is not None and not plan.offer.is_power
            if plan.suspends or falls:
                return 3
            return 0 if plan.reinstates or self.makes_power else 2
        return 1


@dataclass(slots=True)
class Verdicts:
    """The rows of a whole file."""

    rows: list[Verdict]

    @property
    def counts(self) -> Counter[Outcome]:
        """How many rows have each outcome."""
        return Counter(one.outcome for one in self.rows)

    @property
    def errors(self) -> list[Verdict]:
        return [one for one in self.rows if one.outcome is Outcome.ERROR]

    @property
    def doing(self) -> list[Verdict]:
        """Those in which something happens, in the order of their phases."""
        return sorted((one for one in self.rows if one.outcome in DOING), key=lambda one: one.phase)

    @property
    def new_power_users(self) -> list[Verdict]:
        return [one for one in self.doing if one.makes_power]

    @property
    def seen(self) -> str:
        """A digest of every outcome: whether a later check says the same."""
        return digest(repr([(one.line, str(one.outcome), one.said) for one in self.rows]))


def _plain(changes: dict[str, tuple[Any, Any]]) -> Any:
    return sorted((key, repr(before), repr(after)) for key, (before, after) in changes.items())
