"""Declared: which columns and methods the class of a view names, before a view of it is made.

Here: FAB's lists of columns as they are meant, which methods are left. Not here: whether they can
work (model_views.checks.view_checks).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.model_views.columns import kinds
from app.screens.permissions import methods

ACTING = ("action", "action_post")
REMOVES_SELECTED = "remove_selected"
PICK = "pick"
FRAMEWORK = ("app.model_views.", "app.screens.", "flask_appbuilder.", "builtins")
"""Where what every view has comes from."""
NEVER = frozenset({"download"})
"""Files of everybody, for everybody."""
EXPORT = "can_export"


def own_classes(view: type[Any]) -> list[type[Any]]:
    """Return the classes of a view that say something of this screen, not of every one."""
    return [one for one in view.__mro__ if not one.__module__.startswith(FRAMEWORK)]


def says(view: type[Any], name: str) -> bool:
    """Whether a view's own classes say something by this name."""
    return any(name in vars(one) for one in own_classes(view))


def in_sets(sets: Iterable[Any]) -> list[str]:
    """Return the columns of FAB's field sets, in order."""
    return [name for _title, about in sets for name in about["fields"]]


def fields_of(form: Any) -> list[str]:
    """Return the names of the fields of a form's class."""
    return [name for name in dir(form) if hasattr(getattr(form, name), "_formfield")]


def columns_of(view: type[Any], which: str) -> list[str]:
    """Return the columns of a view's page or form: `which` is show, add or edit."""
    if (sets := getattr(view, f"{which}_fieldsets")) is not None:
        return in_sets(sets)
    if which != "show" and (form := getattr(view, f"{which}_form")) is not None:
        return fields_of(form)
    if named := getattr(view, f"{which}_columns"):
        return [*named]
    left_out = getattr(view, f"{which}_exclude_columns") or ()
    found = kinds(view.datamodel.obj)
    hidden = {name for name, kind in found.items() if which == "show" and kind.is_secret}
    return [name for name in found if name not in {*left_out, *hidden}]


def listed(view: type[Any]) -> list[str]:
    """Return the columns of a view's list: its first one where it does not say."""
    return [*(view.list_columns or [next(iter(kinds(view.datamodel.obj)))])]


def shown_columns(view: type[Any]) -> list[str]:
    """Return the columns of the model that programs and files are told: those that a person sees,
    in the list or on the page of a row.
    """
    seen = {*listed(view), *columns_of(view, "show")}
    return [name for name in kinds(view.datamodel.obj) if name in seen]


def retold(view: type[Any]) -> dict[str, Any]:
    """Return the columns of the model whose value a view tells otherwise, such as the end of an
    account number: programs and files are told that, too.
    """
    return {one.name: one for one in view.columns if one.value is not None}


def orders(view: type[Any]) -> Sequence[str]:
    """Return the columns that a list may be ordered by, as far as they can be."""
    return listed(view) if view.order_columns is None else [*view.order_columns]


def narrowing(view: type[Any]) -> list[str]:
    """Return the columns that have filters, as far as they can have one."""
    left_out = view.search_exclude_columns or ()
    return [name for name in view.search_columns or listed(view) if name not in left_out]


def pairs_of(order: Any) -> list[Any]:
    """Return FAB's base_order as pairs: one, or several."""
    if not order:
        return []
    return [order] if isinstance(order[0], str) else [*order]


def offered(view: type[Any]) -> frozenset[str]:
    """Return the methods that are reached: what `include_route_methods`, `exclude_route_methods`
    and `base_permissions` leave of them. Actions and pickers have doors of their own, which are
    there as long as something leads to them.
    """
    found, no = methods(view), {*view.exclude_route_methods} | NEVER
    actions = {name for name, one in found.items() if hasattr(one, "_action")}
    doors = {
        name for name in found if name not in {*actions, *ACTING, PICK} and _is_left(view, name)
    }
    left = {name for name in actions - {REMOVES_SELECTED} if _is_left(view, name, *ACTING)}
    if "delete" in doors and REMOVES_SELECTED not in no:
        left |= {REMOVES_SELECTED} & actions
    ways = {name for name in ACTING if name not in no} if left else set()
    picks = {PICK} - {*no} if {"add", "edit"} & doors else set()
    return frozenset(doors | (left | ways if ways else set()) | picks)


def has_file(view: type[Any]) -> bool:
    """Whether its list is had as a file: not where what there is is named, and this is not."""
    permitted, only = view.base_permissions, view.include_route_methods
    is_named = permitted is None or EXPORT in permitted
    return "list" in offered(view) and is_named and (only is None or "export" in only)


def _is_left(view: type[Any], name: str, *doors: str) -> bool:
    """Whether a method is left: not excluded, included where some are, permitted where some are."""
    only, permitted = view.include_route_methods, view.base_permissions
    if name in {*view.exclude_route_methods} | NEVER:
        return False
    if only is not None and not {name, *doors} & {*only}:
        return False
    words = {name, f"can_{name}", f"can_{view.method_permission_name.get(name, name)}"}
    return permitted is None or bool(words & {*permitted})
