"""Builder: Flask-AppBuilder, registering our doors in place of its own.

Here: which of FAB's own views exist. Not here: ours (portal), security (security.manager).
"""
from __future__ import annotations

from flask_appbuilder import AppBuilder


class PortalBuilder(AppBuilder):
    """An AppBuilder without FAB's language switch by GET, history, menu API and OpenAPI pages (FAB.md F35, F36)."""

    def _add_admin_views(self) -> None:
        self._indexview = self.add_view_no_menu(self.indexview) if self.indexview else None
        self.sm.register_views()
