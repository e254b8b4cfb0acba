"""Exporting from a list: this page by a link, everything that matches by a form.

Here: what is pressed, and the answer that streams. Not here: which rows the list shows (its own
view), the file (exchange.service). A page is read like the list itself; everything leaves a line in
the log, so it is a POST.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.wrappers import Response

from app.access.policy import may
from app.exchange import files, queries
from app.exchange import service as exporting
from app.exchange.writing import FORMATS, LABELS, Format
from app.extensions import db
from app.http.context import seat
from app.http.paths import asked_next
from app.http.reauthentication import ensure_recent
from app.kernel.clock import day_of, utcnow
from app.kernel.i18n import _
from app.screens.list_definition import ListDefinition
from app.screens.list_query import Listing
from app.screens.model_view import ServiceModelView
from app.screens.moments.calendar import zone

PORTAL = "portal"
"""How the name of a file begins that is no organization's."""
SELECTED = "selected"
"""The name of the buttons for selected rows; its value is the format."""


class ExportView(BaseView):
    """A list's exports, by the address and rights of its definition: `file` from the rows of the
    list, whose view then offers them as its `export_menu`.
    """

    file: ClassVar[files.File]
    definition: ClassVar[ListDefinition]
    formats = tuple(LABELS.items())
    method_permission_name: ClassVar[dict[str, str]] = {"export": "read", "export_all": "export"}

    def __init_subclass__(cls) -> None:
        """Take the list's address and permission, where the class does not declare its own."""
        super().__init_subclass__()
        for name in ("route_base", "class_permission_name"):
            if hasattr(cls, "definition") and name not in vars(cls):
                setattr(cls, name, getattr(cls.definition, name))

    def create_blueprint(
        self, appbuilder: Any, endpoint: str | None = None, static_folder: str | None = None
    ) -> Any:
        """Find the list at the same address, which the map names before this, and stand in its
        toolbar.
        """
        self.listed = next(
            one
            for one in appbuilder.baseviews
            if isinstance(one, ServiceModelView) and one.route_base == self.route_base
        )
        self.listed.export_menu = self
        return super().create_blueprint(appbuilder, endpoint, static_folder)

    @expose("/export")
    @has_access
    def export(self) -> Response:
        """This page (S3-24)."""
        ids = [row.id for row in self.listed.listing().rows]
        return self._answer(exporting.some(self.file, ids, form=_form(), by=seat()), _form())

    @expose("/export", methods=["POST"])
    @has_access
    def export_all(self) -> Response:
        """Everything that matches, or with `selected` the rows that were selected; after a fresh
        proof.
        """
        ensure_recent(seat(), now=utcnow())
        ids, narrowed = self._asked()
        if not ids and SELECTED in request.form:
            flash(_("Nothing was selected."), "warning")
            return redirect(asked_next(self.listed.list_url()))
        pieces = exporting.everything(
            self.file,
            ids,
            form=_form(),
            narrowed=narrowed,
            organization=seat().organization,
            by=seat(),
            now=utcnow(),
        )
        db.session.commit()
        return self._answer(pieces, _form())

    # words for the menu

    def may_export_all(self) -> bool:
        return may(seat(), "export", self.class_permission_name)

    def page_url(self, listing: Listing, form: str) -> str:
        """Where this page of a list is had as a file."""
        return replace(listing, path=url_for(f"{self.endpoint}.export")).url(
            page=listing.page if listing.page != 1 else None, format=form
        )

    def all_url(self, listing: Listing) -> str:
        """Where everything that matches is asked for."""
        return replace(listing, path=url_for(f"{self.endpoint}.export_all")).url(page_size=None)

    def _asked(self) -> tuple[Sequence[int], str]:
        """The ids that are asked for, and by what they were narrowed."""
        if _is_selection():
            ids = [row.id for row in self.listed.datamodel.some(request.form.getlist("rowid"))]
            return ids, f"id={','.join(map(str, ids))}"
        listing: Listing = self.listed.read_listing(request.args)
        query = self.listed.definition.ordered(listing)
        return queries.ids(query, self.file.model.id), _told(listing)

    def _answer(self, pieces: Iterator[str], form: Format) -> Response:
        answer = Response(
            map(form.encoded, pieces), content_type=f"{form.mimetype}; charset={form.charset}"
        )
        day = day_of(utcnow(), zone())
        here = seat().organization
        name = f"{here.code if here else PORTAL}-{self.file.name}-{day}.{form.suffix}"
        answer.headers.set("Content-Disposition", "attachment", filename=name)
        return answer


@cache
def export_of(view: Any) -> type[ExportView]:
    """Return the door of a list's files, as its definition says."""
    return type(
        f"{view.__name__.removesuffix('View')}Export",
        (ExportView,),
        {
            "__doc__": f"{view.__name__} as a file.",
            "__module__": view.__module__,
            "file": view.definition.file,
            "definition": view.definition,
        },
    )


def _is_selection() -> bool:
    """Whether the rows that were selected are meant, and not all that match."""
    return SELECTED in request.form and request.form.get("all") != "1"


def _form() -> Format:
    asked = request.form.get(SELECTED) or request.values.get("format", "")
    return FORMATS.get(asked, FORMATS["csv"])


def _told(listing: Listing) -> str:
    chosen = {"q": [listing.q] if listing.q else [], **listing.chosen}
    return "; ".join(f"{name}={','.join(values)}" for name, values in chosen.items() if values)
