"""Builder: Flask-AppBuilder, registering our doors in place of its own.

Here: which of FAB's own views exist, finding one of ours. Not here: ours (menu), security
(sign_in.manager).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from flask import current_app
from flask_appbuilder import AppBuilder

from app.access.policy import may
from app.access.seat import Seat

View = TypeVar("View")


def get_view(view: type[View], appbuilder: Any) -> View:
    """Return the one view of this class that the map named."""
    return next(one for one in appbuilder.baseviews if type(one) is view)


def find_view(view: type[View]) -> View:
    """Return the one view of this class in the application of the moment."""
    return get_view(view, current_app.extensions["appbuilder"])


class PortalBuilder(AppBuilder):
    """An AppBuilder without FAB's language switch by GET, history, menu API and OpenAPI pages
    (docs/flask-appbuilder.md).

    `menu_permissions`: what each menu entry asks, (permission, view); the map fills it
    (menu.draw).
    """

    def __init__(self, *args: Any, **settings: Any) -> None:
        self.menu_permissions: dict[str, tuple[str, str]] = {}
        super().__init__(*args, **settings)

    def entries_open_to(self, seat: Seat | None, names: Iterable[str]) -> frozenset[str]:
        """Return which of these menu entries lead somewhere this person may go."""
        return frozenset(
            name
            for name in names
            if name in self.menu_permissions and may(seat, *self.menu_permissions[name])
        )

    def _add_admin_views(self) -> None:
        self._indexview = self.add_view_no_menu(self.indexview) if self.indexview else None
        self.sm.register_views()
