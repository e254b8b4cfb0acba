"""Registering: what a model view brings along, entered once: authorities, who may, events, words.

Here: from a view's class to the portal's tables, and the sentences for what cannot work. Not here:
the tables themselves (access, activity), the map (menu).
"""

from __future__ import annotations

from collections.abc import Iterable

from app.access import policy
from app.access.authorities import CATALOGUE, GROUP_LABELS, Authority, Use, register, withdraw
from app.activity import nouns
from app.activity_log import links
from app.kernel.i18n import lazy
from app.model_views import declared
from app.model_views.columns import kinds, words_of
from app.model_views.drawing.charts import GroupByChartView, ensure_drawable
from app.model_views.names import MANAGE, READ
from app.model_views.package_words import lazy_of, package_of
from app.model_views.values.kind_of import One, say
from app.model_views.view import ModelView
from app.model_views.writing import leaving, undo
from app.models import Membership
from app.screens.interface import OrganizationInterface

_entered: dict[str, type[ModelView]] = {}
"""By word: the tables are those of the process, however many applications it makes."""
_granted: dict[str, list[str]] = {}
"""By word: the permissions that were entered here, and not by the package itself."""


def enter(view: type[ModelView]) -> None:
    """Enter a view's names into the portal's tables; once for each class."""
    if _entered.get(view.word) is view:
        return
    _enter_authorities(view)
    if declared.has_file(view) or {"add", "edit", "delete"} & declared.offered(view):
        _enter_noun(view)
    of = view.class_permission_name
    model, is_here = view.datamodel.obj, isinstance(view.datamodel, OrganizationInterface)
    if "show" in declared.offered(view):
        (links.HERE if is_here else links.ON_PLATFORM)[view.word] = links.Target(
            view.list_title,
            f"{view.__name__}.show",
            (view.method_permission_name["show"], of),
            links.of_organization(model) if is_here else links.of_portal(model),
        )
    undo.enter(view)
    _entered[view.word] = view


def _enter_noun(view: type[ModelView]) -> None:
    """Let the log tell of its rows."""
    columns, package = kinds(view.datamodel.obj), package_of(view)
    said, of = view.label_columns or {}, view.class_permission_name
    nouns.enter(
        nouns.Noun(
            view.word,
            view.list_title,
            lambda name: str(said.get(name) or lazy_of(package, words_of(name))),
            lambda name, plain: say(columns, name, plain),
            {name: (one, of) for name, one in view.column_permission_name.items()},
        )
    )


def enter_charts(view: type[GroupByChartView]) -> None:
    """Enter charts: they open with the authorities of the list of the same rows."""
    try:
        ensure_drawable(view)
    except ValueError as error:
        raise policy.GrantError(str(error)) from error
    if not policy.is_granted(view.class_permission_name, READ):
        raise policy.GrantError(
            f"{view.__name__} opens with the authorities of {view.class_permission_name!r}, which"
            " no screen has: name its list before it, or say class_permission_name."
        )


def forget(views: Iterable[type[ModelView]]) -> None:
    """Take out of the tables again what views brought along: for tests, whose process goes on."""
    views = [view for view in views if view.word in _entered]
    leaving.disconnect(view.word for view in views)
    for view in views:
        word = view.word
        for key in (f"{word}_viewer", f"{word}_editor"):
            withdraw(key)
        for permission in _granted.pop(word, ()):
            policy.GRANTS.pop((view.class_permission_name, permission), None)
        nouns.leave(word)
        links.HERE.pop(word, None)
        links.ON_PLATFORM.pop(word, None)
        GROUP_LABELS.pop(word, None)
        undo.leave(view)
        _entered.pop(word, None)


def _enter_authorities(view: type[ModelView]) -> None:
    """Offer two authorities, unless the package grants its own."""
    name, word = view.class_permission_name, view.word
    named = {*view.method_permission_name.values(), *view.column_permission_name.values()}
    wanted = sorted({*named, READ, MANAGE, "export"})
    missing = [one for one in wanted if not policy.is_granted(name, one)]
    _granted[word] = missing
    if name != word or not {READ, MANAGE} <= {*missing}:
        for one in missing:
            _lend(view, one)
        return
    if not isinstance(view.datamodel, OrganizationInterface):
        for one in missing:
            policy.grant(name, one, {policy.PLATFORM})
        return
    viewer, editor = f"{word}_viewer", f"{word}_editor"
    if viewer not in CATALOGUE:
        _register(view, viewer, editor)
    for one in missing:
        policy.grant(name, one, {viewer if one == READ else editor})


def _register(view: type[ModelView], viewer: str, editor: str) -> None:
    title = GROUP_LABELS[view.word] = view.list_title
    register(
        viewer,
        lazy("%(list)s: view", list=title),
        lazy("See %(list)s", list=title),
        group=view.word,
        use=Use.PORTAL,
    )
    register(
        editor,
        lazy("%(list)s: edit", list=title),
        lazy("Add, change and delete %(list)s", list=title),
        group=view.word,
        use=Use.PORTAL,
        requires=[viewer, *([Authority.USER_VIEWER] if _picks_members(view) else [])],
    )


def _lend(view: type[ModelView], permission: str) -> None:
    """What a view's own grants leave out goes with what they name: reading with `read`, all else
    with `manage`.
    """
    name = view.class_permission_name
    source = READ if permission == READ else MANAGE
    if policy.is_granted(name, source):
        policy.GRANTS[name, permission] = policy.GRANTS[name, source]
    elif policy.is_granted(name, READ):
        policy.GRANTS[name, permission] = (frozenset({policy.NOBODY}),)


def _picks_members(view: type[ModelView]) -> bool:
    found = kinds(view.datamodel.obj).values()
    return any(isinstance(kind, One) and kind.target is Membership for kind in found)
