"""Acting: what is done to the rows of a slice, each in a savepoint of its own, or several in one.

Here: checking, acting, what becomes of a refusal. Not here: the slice's transaction (slices), what
a row does (each kind).
"""

from __future__ import annotations

from collections.abc import Sequence

from app.activity import results
from app.batches.kinds import UNCHANGED, ChangedSinceCheck, Kind, Plan, Row, Work
from app.batches.rows import Done, said
from app.extensions import db
from app.kernel.errors import Refusal
from app.models import RowState


def act(rows: Sequence[Row], kind: Kind, work: Work) -> list[Done]:
    """Check rows and act on them: together where the kind can, else one after the other."""
    together = _together(rows, kind, work) if len(rows) > 1 else None
    return together or [_one(row, kind, work) for row in rows]


def _together(rows: Sequence[Row], kind: Kind, work: Work) -> list[Done] | None:
    """Act on all that do something, in one savepoint; None where any was refused by then."""
    if kind.act_many is None:
        return None
    done = [_checked(row, kind, work) for row in rows]
    acted = [one for one in done if one.state is RowState.DONE]
    try:
        with db.session.begin_nested():
            lines = kind.act_many([(one.row, one.plan) for one in acted], work) if acted else []
    except Refusal:
        return None
    for one, line in zip(acted, lines, strict=True):
        one.line = line
    return done


def _checked(row: Row, kind: Kind, work: Work) -> Done:
    """What would become of a row."""
    try:
        plan = kind.check(row, work)
        if row.seen and plan.seen and row.seen != plan.seen:
            raise ChangedSinceCheck()
    except Refusal as refusal:
        return _refused(row, refusal)
    state = RowState.UNCHANGED if plan.outcome == UNCHANGED else RowState.DONE
    return Done(row, state, plan)


def _one(row: Row, kind: Kind, work: Work) -> Done:
    done = _checked(row, kind, work)
    if done.state is not RowState.DONE:
        return done
    with results.witnessed() as lines:
        try:
            with db.session.begin_nested():
                kind.act(row, done.plan, work)
        except Refusal as refusal:
            return _refused(row, refusal)
    main = results.main_lines(lines)[:1] if lines else []
    done.line = main[0] if main else None
    return done


def _refused(row: Row, refusal: Refusal) -> Done:
    return Done(row, RowState.REFUSED, Plan("", name=row.name), said(refusal))
