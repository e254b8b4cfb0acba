"""Builder: Flask-AppBuilder, registering our doors in place of its own.

Here: which of FAB's own views exist, finding one of ours. Not here: ours (portal), security
(sign_in.manager).
"""

from __future__ import annotations

from typing import Any, TypeVar

from flask import current_app
from flask_appbuilder import AppBuilder

View = TypeVar("View")


def the(view: type[View], appbuilder: Any) -> View:
    """Return the one view of this class that the map named."""
    return next(one for one in appbuilder.baseviews if type(one) is view)


def find_view(view: type[View]) -> View:
    """Return the one view of this class in the application of the moment."""
    return the(view, current_app.extensions["appbuilder"])


class PortalBuilder(AppBuilder):
    """An AppBuilder without FAB's language switch by GET, history, menu API and OpenAPI pages
    (FAB.md F35, F36).
    """

    def _add_admin_views(self) -> None:
        self._indexview = self.add_view_no_menu(self.indexview) if self.indexview else None
        self.sm.register_views()
