"""Signals: what happens to a membership, an account or an organization, for every feature in which
something follows from it.

Here: the signals, what each tells, and what a feature sets at them: what it does then, what it says
beforehand. Not here: what follows (each feature's `hooks.py`), in which order (create_app).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from blinker import Signal
from sqlalchemy import ScalarSelect, select

from app.extensions import db

Line = tuple[str, str]
"""A consequence in words: what it is about, and what becomes of it."""
AFTER_ALL = 100
FORESEEN = "hooks that were foreseen"


@dataclass(frozen=True)
class Hook:
    """What follows in one feature: what it does when a signal is sent, and what a page that asks
    first says of it.
    """

    act: Callable[..., None] | None = None
    """`act(subject, **told)` does it, in the transaction of the verb."""
    count: Callable[..., int | ScalarSelect[int]] | None = None
    """`count(subjects, **told)` counts what is concerned; a subquery becomes a part of the page's
    one statement.
    """
    say: Callable[[int], Line] | None = None
    place: int = AFTER_ALL
    """Where its line stands among the others, the lowest first."""
    keepable: Callable[..., int] | None = None
    """`keepable(subjects, by=seat)` counts what the reader could take over (`keep`)."""
    concerns: Callable[[Sequence[Any]], Iterable[int]] | None = None
    """`concerns(members)` finds, in one statement for many, the accounts of those for whom `act`
    would find something to do (`foresee`).
    """


class HookSignal(Signal):
    """A signal that a verb sends, and whose consequences the page that asks first lists: both read
    `hooks`, which act in the order in which they were set.

    A name that is set again replaces its hook: applications of one process share the signals.
    """

    def __init__(self, doc: str) -> None:
        super().__init__(doc)
        self.hooks: dict[str, Hook] = {}

    def receivers_for(self, sender: Any) -> Generator[Callable[..., Any], None, None]:
        """Yield what hooks do, in their order, then who connected as to any signal; not what was
        foreseen to do nothing.
        """
        members, concerned = db.session.info.get(FORESEEN, {}).get(id(self), ((), {}))
        is_known = bool(members) and sender.id in members
        for name, hook in self.hooks.items():
            is_idle = is_known and name in concerned and sender.account_id not in concerned[name]
            if hook.act is not None and not is_idle:
                yield hook.act
        yield from super().receivers_for(sender)

    def foresee(self, members: Sequence[Any]) -> None:
        """Find for many members, in one statement of each hook, whom it concerns: the others are
        spared it until this turn ends (access.locks.turn_taken).
        """
        concerned = {
            name: frozenset(hook.concerns(members))
            for name, hook in self.hooks.items()
            if hook.concerns is not None and members
        }
        foreseen = db.session.info.setdefault(FORESEEN, {})
        foreseen[id(self)] = (frozenset(one.id for one in members), concerned)

    @contextmanager
    def foreseen(self, members: Sequence[Any]) -> Iterator[None]:
        """The same for as long as this lasts."""
        before = db.session.info.get(FORESEEN)
        db.session.info[FORESEEN] = dict(before or {})
        self.foresee(members)
        try:
            yield
        finally:
            if before is None:
                db.session.info.pop(FORESEEN, None)
            else:
                db.session.info[FORESEEN] = before

    def consequences(
        self, subjects: Sequence[Any], *, also_none: bool = False, **told: Any
    ) -> list[Line]:
        """Say what would follow for these, in one statement however many they are; what concerns
        nothing only where `also_none`.
        """
        asked = [
            (hook.say, hook.count(subjects, **told))
            for hook in sorted(self.hooks.values(), key=lambda hook: hook.place)
            if subjects and hook.count is not None and hook.say is not None
        ]
        queries = [one for _say, one in asked if isinstance(one, ScalarSelect)]
        found = iter(db.session.execute(select(*queries)).one() if queries else ())
        counted = (
            (say, next(found) if isinstance(one, ScalarSelect) else one) for say, one in asked
        )
        return [say(count) for say, count in counted if count or also_none]

    def keepable(self, subjects: Sequence[Any], **told: Any) -> int:
        """Count what would end with these and the reader could take over."""
        return sum(hook.keepable(subjects, **told) for hook in self.hooks.values() if hook.keepable)


batch_ended = Signal(
    "What was done to many at once is over. Subject: the batch. Sent in its last transaction."
)
membership_began = HookSignal(
    "Somebody became a member, whichever way. Subject: the membership. Tells by, now."
)
membership_suspended = HookSignal(
    "A member was suspended. Subject: the membership. Tells keep (whether the actor takes over what"
    " can be kept), by, now; consequences tell now."
)
membership_ended = HookSignal(
    "A member was removed, or left; the row stays, with `ended_at`. Subject and telling as of"
    " membership_suspended."
)
authorities_narrowed = HookSignal(
    "A member may hold less than before. Subject: the membership. Tells keep, by, now; consequences"
    " tell held, a function that says what a member would hold."
)
account_suspended = HookSignal(
    "An account was suspended everywhere. Subject: the account. Tells by, now; consequences tell"
    " now."
)
account_deleted = HookSignal(
    "An account is about to be deleted. Subject and telling as of account_suspended."
)
account_recovered = HookSignal(
    "An account was given back to its owner. Subject: the account. Tells since, from when on"
    " somebody else may have had it, and now."
)
organization_deleted = HookSignal(
    "An organization is about to be deleted, with its rows. Subject: the organization. Tells by,"
    " now; consequences tell now."
)
