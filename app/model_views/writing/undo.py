"""Undo: taking back what the log tells of a row of a model view.

Here: what would change now, and doing it by the view's own verbs. Not here: the page
(undo.views), the portal's own nouns (undo.service, invites.hooks).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.access.seat import Seat
from app.activity import nouns, undoable
from app.activity.undoable import NobodyThere, NotSoAnyMore, Undoing
from app.kernel.errors import NotFound
from app.kernel.i18n import listed
from app.model_views import declared
from app.model_views.columns import kinds
from app.model_views.forms.targets import with_ids
from app.model_views.values import unseen
from app.model_views.values.kind_of import One, Several
from app.models import Activity, Organization
from app.screens.frame.builder import find_view
from app.screens.interface import OrganizationInterface


def enter(view: type[Any]) -> None:
    """Let lines about a view's rows be taken back, where they were written by its usual verbs."""
    if not isinstance(view.datamodel, OrganizationInterface):
        return  # undo stands in the log of an organization
    if any(declared.says(view, name) for name in ("create", "update", "remove")):
        return
    plans = {nouns.CREATED: _remove, nouns.UPDATED: _change_back, nouns.DELETED: _bring_back}
    asks = {nouns.CREATED: "delete", nouns.UPDATED: "edit", nouns.DELETED: "add"}
    left = declared.offered(view)
    for verb, plan in plans.items():
        if asks[verb] not in left:
            continue
        name = f"{view.word}_{verb}"
        asked = view.method_permission_name[asks[verb]]
        undoable.EVENTS[name] = (asked, view.class_permission_name)
        undoable.PLANS[name] = _with(view, plan)


def leave(view: type[Any]) -> None:
    """Forget a view again."""
    for verb in (nouns.CREATED, nouns.UPDATED, nouns.DELETED):
        undoable.EVENTS.pop(f"{view.word}_{verb}", None)
        undoable.PLANS.pop(f"{view.word}_{verb}", None)


def _with(view: type[Any], plan: Any) -> Any:
    def planned(line: Activity, _organization: Organization, _by: Seat, _now: datetime) -> Undoing:
        undoing: Undoing = plan(find_view(view), line)
        return undoing

    return planned


def _row(view: Any, line: Activity) -> Any:
    row = view.datamodel.only(view.datamodel.obj.id == line.subject_id)
    if row is None:
        raise NobodyThere(name=line.subject_name)
    return row


def _remove(view: Any, line: Activity) -> Undoing:
    """What was added is deleted, if it is still as it was added."""
    row = _row(view, line)
    _ensure_so(view, row, line.details.get("row") or {})
    gone = {
        view.label_of(name): [view.in_words(name, value), ""]
        for name, value in _shown_values(view, line)
    }
    return Undoing(gone, lambda: view.take_back(nouns.DELETED, row, undoes=line))


def _change_back(view: Any, line: Activity) -> Undoing:
    row, every = _row(view, line), line.details["changes"]
    hidden = line.details.get(nouns.UNSEEN) or {}
    changed = {name: every[name] for name in view.visible([*every])}
    if not changed and not hidden:
        raise NotFound()
    _ensure_so(view, row, {name: after for name, (_before, after) in changed.items()})
    now = unseen.kept(row)
    if any(now.get(name) != after for name, (_before, after) in hidden.items()):
        raise NotSoAnyMore(what=view.list_title)
    before = {name: value for name, (value, _after) in changed.items()}
    shown = {
        view.label_of(name): [view.in_words(name, after), view.in_words(name, value)]
        for name, (value, after) in changed.items()
    }
    values = _values(view, before, {name: value for name, (value, _after) in hidden.items()})
    return Undoing(shown, lambda: view.take_back(nouns.UPDATED, row, values, undoes=line))


def _bring_back(view: Any, line: Activity) -> Undoing:
    if view.datamodel.only(view.datamodel.obj.id == line.subject_id) is not None:
        raise NotSoAnyMore(what=view.list_title)
    kept = line.details.get("row") or {}
    shown = {
        view.label_of(name): ["", view.in_words(name, value)]
        for name, value in _shown_values(view, line)
    }
    values = _values(view, kept, line.details.get(nouns.UNSEEN) or {})
    return Undoing(
        shown,
        lambda: view.take_back(nouns.RESTORED, line.subject_id, values, undoes=line),
    )


def _shown_values(view: Any, line: Activity) -> list[tuple[str, Any]]:
    """What a line says of a row, as far as its columns exist for the reader."""
    kept = line.details.get("row") or {}
    shown = [(name, kept[name]) for name in view.visible([*kept])]
    return [(name, value) for name, value in shown if value not in (None, "", [], {})]


def _ensure_so(view: Any, row: Any, left: dict[str, Any]) -> None:
    """Raise NotSoAnyMore, naming them, where columns have other values than a line left."""
    now = view.row_of(row)
    other = [name for name, value in left.items() if _same(now.get(name)) != _same(value)]
    if other:
        shown = [view.label_of(name) for name in view.visible(other)]
        raise NotSoAnyMore(what=listed(shown) or view.list_title)


def _same(plain: Any) -> Any:
    """Related rows are the same by number, whatever they are called now."""
    if isinstance(plain, dict) and "id" in plain:
        return plain["id"]
    return [_same(one) for one in plain] if isinstance(plain, list) else plain


def _values(view: Any, plain: dict[str, Any], hidden: dict[str, Any]) -> dict[str, Any]:
    """Plain values as the columns take them. Raises NobodyThere where a related row is gone."""
    found: dict[str, Any] = unseen.read(view.datamodel.obj, hidden)
    for name, kind in kinds(view.datamodel.obj).items():
        if name not in plain or kind.is_secret:
            continue
        value = plain[name]
        if not isinstance(kind, One):
            found[name] = kind.read(value)
            continue
        wanted = value if isinstance(kind, Several) else [value] if value else []
        rows = with_ids(kind.target, [one["id"] for one in wanted])
        gone = [one["name"] for one in wanted if one["id"] not in rows]
        if gone:
            raise NobodyThere(name=listed(gone))
        related = [rows[one["id"]] for one in wanted]
        found[name] = related if isinstance(kind, Several) else next(iter(related), None)
    return found
