"""What becomes of rows of added screens that point to a member who goes: the membership's row
stays, so no foreign key of the database acts.

Here: what happens to them, with a line of the log each, and the words for the page that asks. Not
here: the verbs of a row (model_views.writing.verbs).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import selectinload

from app.activity import nouns
from app.activity.service import Actor, changes
from app.extensions import db
from app.kernel.i18n import ngettext
from app.kernel.signals import Hook, Line, membership_ended
from app.kernel.text import within_sentence
from app.model_views.related import goes_along, one_of_each_model, relations_to, screens
from app.model_views.values.kind_of import Several
from app.models import Account, Membership, with_ended

PLACE = 70


def connect() -> None:
    """Say what becomes of the rows of every model view that is registered."""
    for view in one_of_each_model(screens()):
        for name in relations_to(Membership, view.kinds):
            goes = goes_along(view.kinds[name])
            say = _deleted if goes else _without
            membership_ended.hooks[f"{view.word}.{name}"] = Hook(
                _where_it_is(view, partial(_remove if goes else _let_go, name=name), None),
                _where_it_is(view, partial(_count, name=name), 0),
                partial(say, view, name),
                PLACE,
            )


def disconnect(words: Iterable[str]) -> None:
    """Forget the rows of these views again."""
    gone = tuple(f"{word}." for word in words)
    for key in [key for key in membership_ended.hooks if key.startswith(gone)]:
        del membership_ended.hooks[key]


def _where_it_is(view: Any, act: Callable[..., Any], otherwise: Any) -> Callable[..., Any]:
    """Signals are those of the process: nothing follows in an application without the view."""

    def hooked(subject: Any, **details: Any) -> Any:
        here = next((one for one in screens() if type(one) is type(view)), None)
        return act(here, subject, **details) if here is not None else otherwise

    return hooked


def _count(
    view: Any, members: Sequence[Membership], *, name: str, **_told: Any
) -> ScalarSelect[int]:
    query = select(func.count(view.datamodel.obj.id)).where(_pointing(view, name, members))
    return query.scalar_subquery()


def _let_go(
    view: Any, member: Membership, *, name: str, by: Actor, now: datetime, **_: Any
) -> None:
    """Empty the relation. Hooks of the row are not asked: nobody stays because a row refuses."""
    for row in _rows(view, name, member):
        before = view.row_of(row)
        if isinstance(view.kinds[name], Several):
            getattr(row, name).remove(member)
        else:
            before[name] = view.kinds[name].plain(member)
            setattr(row, name, None)
        db.session.flush()
        details = changes(before, view.row_of(row))
        view.tell(nouns.UPDATED, row, by=by, now=now, changes=details)


def _remove(
    view: Any, member: Membership, *, name: str, by: Actor, now: datetime, **_: Any
) -> None:
    for row in _rows(view, name, member):
        view.tell_gone(row, by=by, now=now)
        view.tell_along(row, by=by, now=now)
        db.session.delete(row)
        db.session.flush()


def _rows(view: Any, name: str, member: Membership) -> list[Any]:
    """The rows that point to a member, as they are once every other change to them is done."""
    model = view.datamodel.obj
    query = select(model).where(_pointing(view, name, [member])).order_by(model.id)
    is_many = isinstance(view.kinds[name], Several)
    query = query.options(selectinload(getattr(model, name))) if is_many else query
    found = db.session.scalars(
        with_ended(query.with_for_update(of=model)), execution_options={"populate_existing": True}
    )
    return [*found.unique()]


def _pointing(view: Any, name: str, members: Sequence[Membership | Account]) -> Any:
    model, kind, ids = view.datamodel.obj, view.kinds[name], [one.id for one in members]
    if isinstance(kind, Several):
        return getattr(model, name).any(kind.target.id.in_(ids))
    return getattr(model, kind.key).in_(ids)


def _without(view: Any, name: str, count: int) -> Line:
    label = view.label_of(name)
    if isinstance(view.kinds[name], Several):
        return view.list_title, ngettext(
            "%(num)s, removed from “%(label)s”",
            "%(num)s, removed from “%(label)s”",
            count,
            label=label,
        )
    label = within_sentence(label)
    return view.list_title, ngettext(
        "%(num)s, no %(label)s from then on",
        "%(num)s, no %(label)s from then on",
        count,
        label=label,
    )


def _deleted(view: Any, _name: str, count: int) -> Line:
    return view.list_title, ngettext("%(num)s, will be deleted", "%(num)s, will be deleted", count)
