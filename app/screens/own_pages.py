"""Own pages: the templates of a feature, and the lists that stand beside each other.

Here: which of FAB's templates a folder has, which facts a page is drawn of, tabs. Not here: the
pages (screens.model_view, screens.list_view).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import current_app, url_for
from jinja2 import TemplateNotFound

from app.access.context import current_seat
from app.access.policy import may
from app.screens.frame.navigation import counted

PAGES = ("list", "show", "add", "edit", "delete", "preview")
USUAL = "appbuilder/"
"""The folder of the templates that every view has."""


class OwnPagesMixin:
    """The pages of a model view that are its feature's own."""

    page_folder: ClassVar[str] = ""
    """The folder of templates whose list.html, show.html … are the view's, as far as they are
    there; `list_template` … say otherwise.
    """
    tab_views: ClassVar[Sequence[str]] = ()
    """The lists that stand beside each other as tabs, by the names of their views."""
    tab_title: ClassVar[Any] = ""
    """What its own tab is called; left out: as the list."""
    tab_counts: ClassVar[bool] = False
    """Whether its own tab tells the number in the menu."""
    appbuilder: Any
    endpoint: str
    list_title: Any
    show_template: str
    _get_show_widget: Any

    def _init_properties(self) -> None:
        """Take the templates of the folder."""
        for page in PAGES if self.page_folder else ():
            name, path = f"{page}_template", f"{self.page_folder}/{page}.html"
            is_usual = getattr(self, name, USUAL).startswith(USUAL)
            if is_usual and _is_there(path):
                setattr(self, name, path)
        super()._init_properties()  # type: ignore[misc]

    def show_widgets(self, item: Any) -> dict[str, Any]:
        """The facts of a row's page; none where its template tells them itself."""
        is_usual = not self.page_folder or self.show_template.startswith(USUAL)
        is_told = is_usual or "show_columns" in vars(type(self))
        return self._get_show_widget(item.id, item) if is_told else {}

    def add_url(self) -> str:
        """Where a row is added."""
        return url_for(f"{self.endpoint}.add")

    def show_url(self, item: Any) -> str:
        """Where a row has its page."""
        return url_for(f"{self.endpoint}.show", pk=item.id)

    def tabs(self) -> Sequence[dict[str, Any]]:
        """The lists beside this one that the reader may open; none where there is no other."""
        views = {one.endpoint: one for one in self.appbuilder.baseviews}
        shown = [views[name] for name in self.tab_views if name in views]
        found = [self._tab(one) for one in shown if may(current_seat(), *_reading(one))]
        return found if len(found) > 1 else []

    def _tab(self, view: Any) -> dict[str, Any]:
        count = counted(view.definition.menu_count.name) if view.tab_counts else ""
        return {
            "label": str(view.tab_title or view.list_title),
            "url": url_for(f"{view.endpoint}.list"),
            "current": view.endpoint == self.endpoint,
        } | ({"count": count or None} if view.tab_counts else {})


def _reading(view: Any) -> tuple[str, str]:
    return view.get_method_permission("list"), view.class_permission_name


def _is_there(path: str) -> bool:
    """Whether there is such a template."""
    loader = current_app.jinja_env.loader
    try:
        return loader is not None and loader.get_source(current_app.jinja_env, path) is not None
    except TemplateNotFound:
        return False
