"""Pages that are no list of a model: Flask-AppBuilder's BaseView, as the portal's views use it.

Here: drawing a page, and `*` for what most of its methods ask. Not here: rows of a model
(screens.model_view).
"""

from __future__ import annotations

from typing import Any

from flask_appbuilder import BaseView

from app.screens.permissions import PermissionsMixin


class PageView(PermissionsMixin, BaseView):
    """A view of pages of its own."""

    def page(self, template: str, **words: Any) -> str:
        """Render a template of this view."""
        return str(self.render_template(template, **words))
