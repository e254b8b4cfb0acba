"""Registration: how a line of the map becomes a screen, its API, its file and its menu entry.

Here: one line of the map, what follows from it, the sentences for one that cannot work. Not here:
the map (menu), who may open a screen (access.policy).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_appbuilder import AppBuilder, BaseView

from app import packages
from app.access.authorities import CATALOGUE
from app.access.policy import GRANTS, GrantError, ensure_known
from app.exchange.views import export_of
from app.kernel.i18n import lazy
from app.model_views import declared, registering
from app.model_views.checks import name_checks, view_checks
from app.model_views.drawing.charts import GroupByChartView
from app.model_views.rest.api import api_of, has
from app.model_views.rest.file import file_of
from app.model_views.view import ModelView
from app.rest.api import PortalApi
from app.screens.interface import OrganizationInterface
from app.screens.list_definition import ListDefinition

BEFORE = "activity"
"""The entry before which an organization's added screens stand."""
Section = tuple[str, Any]
ORGANIZATION: Section = ("organization", lazy("Organization"))
YOU: Section = ("you", lazy("You"))
PLATFORM: Section = ("platform", lazy("Platform"))
HIDDEN: Section = ("", "")


@dataclass(frozen=True)
class Screen:
    """One line of the map. `menu` is what its entry asks of the grants: (permission, view)."""

    view: type[BaseView]
    section: Section = ORGANIZATION
    name: str = ""
    label: Any = ""
    icon: str = ""
    menu: tuple[str, str] = ("", "")

    def resolved(self) -> Screen:
        """The same with what follows from a model view: its name, label and who sees its entry."""
        view = self.view
        if issubclass(view, PortalApi):
            return replace(self, section=HIDDEN)
        view_checks.ensure_sound(view)
        if issubclass(view, GroupByChartView):
            registering.enter_charts(view)
            return replace(self, section=HIDDEN)
        if not issubclass(view, ModelView):
            return self
        if self.section == ORGANIZATION and not view.has_own_address:
            view.stand(in_organization=True)
        registering.enter(view)
        return replace(
            self,
            name=self.name or view.word,
            label=self.label or view.list_title,
            menu=self.menu
            if any(self.menu)
            else (view.method_permission_name["list"], view.class_permission_name),
        )


def ensure_drawable(screen: Screen) -> None:
    """Raise GrantError, with what to write, for a menu entry that no line of the table answers."""
    if screen.section is HIDDEN or screen.menu[::-1] in GRANTS:
        return
    view = screen.view.__name__
    wanted = ("read", screen.view.class_permission_name or view.removesuffix("View"))
    if screen.menu == ("", ""):
        raise GrantError(
            f"Screen({view}, …) has a menu entry but does not say who sees it: add"
            f" menu={wanted!r}, and grant that pair in app.access.policy."
        )
    raise GrantError(
        f"Screen({view}, …) shows its menu entry to whoever holds {screen.menu!r}, which nothing"
        f" grants: call policy.grant{screen.menu[::-1]!r} with the authorities it needs first."
    )


def register(
    appbuilder: AppBuilder,
    screens: Sequence[Screen],
    apis: Sequence[type[PortalApi]],
    more: Sequence[Screen],
) -> None:
    """Register the screens and APIs of the map, and an integrator's own."""
    screens = [one.resolved() if issubclass(one.view, ModelView) else one for one in screens]
    added = [screen.resolved() for screen in more]
    _ensure_free(added, [*screens, *added], apis)
    packages.note([screen.view for screen in added])
    for api in (*apis, *(api for one in (*screens, *added) for api in _apis(one.view))):
        appbuilder.add_api(api)
    ensure_known(CATALOGUE)
    for screen in _in_order(screens, added):
        ensure_drawable(screen)
        _draw(appbuilder, screen)
    for screen in (*screens, *added):
        for file in _files(screen.view):
            appbuilder.add_view_no_menu(file)


def _ensure_free(
    added: Sequence[Screen], screens: Sequence[Screen], apis: Sequence[type[PortalApi]]
) -> None:
    """Raise ScreenError where an added screen has the name of another one, or no such icon."""
    views, resources = [one.view for one in screens], [api.resource_name for api in apis]
    for screen in added:
        if issubclass(screen.view, ModelView):
            view_checks.refuse(screen.view, name_checks.taken(screen.view, views, resources))
            view_checks.refuse(screen.view, name_checks.unmapped(screen.view, views))
        view_checks.refuse(screen.view, name_checks.icons(screen.icon))


def _draw(appbuilder: AppBuilder, screen: Screen) -> None:
    if screen.section is HIDDEN:
        appbuilder.add_view_no_menu(screen.view)
        return
    key, label = screen.section
    appbuilder.menu_permissions[screen.name] = screen.menu
    appbuilder.add_view(
        screen.view,
        screen.name,
        icon=screen.icon,
        label=screen.label,
        category=key,
        category_label=label,
    )


def _in_order(screens: Sequence[Screen], added: Sequence[Screen]) -> Iterator[Screen]:
    """The map with added screens: an organization's stand before what is about the organization
    itself, others come last.
    """
    for screen in screens:
        if screen.name == BEFORE:
            yield from (one for one in added if one.section == ORGANIZATION)
        yield screen
    yield from (one for one in added if one.section != ORGANIZATION)


def _apis(view: Any) -> list[type[PortalApi]]:
    """An API key is one organization's: rows of the whole portal have no API."""
    is_organizations = issubclass(view, ModelView) and isinstance(
        view.datamodel, OrganizationInterface
    )
    return [api_of(view)] if is_organizations and view.rest and has(view) else []


def _files(view: Any) -> list[type[BaseView]]:
    if issubclass(view, ModelView):
        return [file_of(view)] if declared.has_file(view) else []
    definition: ListDefinition | None = getattr(view, "definition", None)
    return [export_of(view)] if definition is not None and definition.file is not None else []
