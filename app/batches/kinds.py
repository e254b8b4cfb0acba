"""Kinds: what can be done to many rows.

Here: what a feature says of a kind, what it is given for each row, and what it answers. Not here:
running (slices), the kinds themselves (each feature).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.access.seat import Seat
from app.activity.events import Event
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.kernel.signals import Line
from app.models import Activity, Batch, Organization

UNCHANGED = "unchanged"
SIMULATES = "simulates"
"""In the memory of a check: rows are looked at as if those before them had been done."""


@dataclass
class Work:
    """What all rows of one slice have in common."""

    batch: Batch
    organization: Organization | None
    by: Seat
    """The author with the rights of this moment."""
    now: datetime
    memory: MutableMapping[str, Any] = field(default_factory=dict)
    """Lives through one check, or one run of one worker; a check that another worker takes over
    begins again from the first row.
    """

    @property
    def arguments(self) -> Mapping[str, Any]:
        """What was chosen on the page that asked: a reason, a role …"""
        return self.batch.arguments


@dataclass
class Row:
    """One row, as a kind is given it."""

    number: int
    line: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    """What its line of the file says."""
    subject_id: int | None = None
    account_id: int | None = None
    name: str = ""
    plan: Mapping[str, Any] = field(default_factory=dict)
    """The details that the check kept."""
    seen: str = ""
    activity_id: int | None = None
    subject: Any = None
    """What `prepare` finds for it."""


@dataclass
class Plan:
    """What would be done to a row."""

    outcome: str = "done"
    """In a word of the kind: added, changed … `unchanged` is not acted on."""
    phase: int = 0
    name: str = ""
    account_id: int | None = None
    subject_id: int | None = None
    details: dict[str, Any] = field(default_factory=dict)
    """What the page shows: JSON."""
    seen: str = ""
    """A digest of what this rests on; another one at the run is refused."""
    act: Any = None
    """Whatever `act` needs of the check; not kept."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one row, at a column where there is one."""

    column: str
    code: str
    message: str


class Problems(Refusal):
    """Everything that is wrong with one row."""

    status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = [*problems]

    def __str__(self) -> str:
        return "\n".join(one.message for one in self.problems)


class ChangedSinceCheck(Refusal):
    """The run would do something else than the page said."""

    status = 409
    text = lazy("This changed after the check, so nothing was done.")


def problems_of(refusal: Refusal) -> list[Problem]:
    """Return what a refusal says of a row."""
    if isinstance(refusal, Problems):
        return refusal.problems
    return [Problem(one.field or "", one.name, str(one)) for one in refusal.each()]


def _nothing(_rows: Sequence[Row], _work: Work) -> None:
    """Nothing is read beforehand."""


def _planned(row: Row, _work: Work) -> Plan:
    return Plan(name=row.name)


def _no_lines(_concerned: Sequence[Any]) -> list[Line]:
    return []


def _fine(_batch: Batch, _by: Seat, _now: datetime) -> None:
    """Nothing stands in the way."""


@dataclass(frozen=True)
class Question:
    """What the page that asks shows and reads, beside the rows."""

    text: Any = ""
    """What will happen, in a sentence or two."""
    form: Callable[[Batch], Any] | None = None
    """Makes the form of what is chosen there."""
    template: str = ""
    """Draws it, and whatever else: given `form`, `batch`, `words`."""
    concerned: Callable[[Batch], Sequence[Any]] = lambda _batch: ()
    """Reads once what `words` and `consequences` are said of."""
    words: Callable[[Sequence[Any]], Mapping[str, Any]] = lambda _concerned: {}
    read: Callable[[Any], Mapping[str, Any]] = lambda _form: {}
    """The arguments that a form in order holds."""
    consequences: Callable[[Sequence[Any]], list[Line]] = _no_lines
    """What goes along with the rows."""
    ensure: Callable[[Batch, Seat, datetime], None] = _fine
    """Raises what must be so before it is confirmed: a recent proof."""


Foresee = Callable[[Batch, Callable[[], list[Row]], MutableMapping[str, Any]], None]


@dataclass(frozen=True)
class Kind:
    """One thing that can be done to many rows."""

    name: str
    needs: tuple[str, str]
    """The permission and the view of access.policy that its author needs; a batch may ask for
    another one (`open_batch`)."""
    asking: Callable[[int], str]
    """The question before so many: "Remove 957 members?"."""
    running: Callable[[int], str]
    """"Removing 957 members"."""
    done: Callable[[int], str]
    """"957 members were removed."."""
    act: Callable[[Row, Plan, Work], None]
    check: Callable[[Row, Work], Plan] = _planned
    """Reads only. Raises what makes the row impossible."""
    prepare: Callable[[Sequence[Row], Work], None] = _nothing
    """Reads what the rows of a slice need, in a few statements, behind the organization's lock."""
    event: Event | None = None
    """The line of the log that heads those of its rows; one of activity.batch_events."""
    is_undoable: bool = True
    danger: bool = False
    icon: str = "check2"
    label: Any = ""
    """What the button says."""
    question: Question = Question()
    checked_url: Callable[[Batch], str] | None = None
    """The page of a checked batch, where it is not the one that asks."""
    slice_of_check: int = 500
    all_or_nothing: bool = False
    """Whether it is done whole or not at all where nobody says otherwise."""
    confirm: Callable[..., None] | None = None
    """Lets a checked batch run, as `service.confirm`, which it calls; for a kind that looks at
    more before."""
    undoes_every_line: bool = False
    """Whether undo takes back every line of the log that its rows wrote, not one for each."""
    act_many: Callable[[Sequence[tuple[Row, Plan]], Work], list[Activity | None]] | None = None
    """Acts on several rows in fewer statements, and returns for each the line of the log that it is
    about. Where any is refused, each is acted on by itself.
    """
    foresee: Foresee | None = None
    """Works out what takes long (hashes of passwords) before the transaction of a slice begins, of
    the rows that it may ask for, into the memory.
    """


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind; one of the same name takes its place: applications of one process share them."""
    KINDS[kind.name] = kind
    return kind


def kind_of(batch: Batch) -> Kind:
    """Return the kind of a batch; a KeyError for one that this version does not know."""
    return KINDS[batch.kind]
