"""The page of a list's saved views: open one, save how the list is looked at now, delete one.

Here: what is shown and pressed, for whichever list the address names. Not here: what happens
(saved_views.service).
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import abort, flash, redirect, request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.http.context import organization, seat
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound
from app.kernel.i18n import _
from app.models import SavedView
from app.saved_views import queries, service
from app.saved_views.forms import SaveViewForm
from app.saved_views.words import Words
from app.screens.actions import Page, attempt, submit
from app.screens.interface import OrganizationInterface
from app.screens.list_view import MATCH_LENGTH
from app.screens.model_view import ServiceModelView

ROWS = OrganizationInterface(SavedView)


class SavedViewsView(BaseView):
    """Saved views of the organization's lists: 保存したビュー. Whoever may open a list sees them;
    whoever
    manages members changes them.
    """

    route_base = "/o/<organization>/views"
    class_permission_name = "SavedView"
    method_permission_name = {"list": "read", "save": "manage", "delete": "manage"}

    @expose("/<screen>")
    @has_access
    def list(self, screen: str) -> Page:
        there, form = self._list(screen), SaveViewForm()
        form.query.data = _kept(there, request.args.get("query", ""))
        return self._page(there, form)

    @expose("/<screen>", methods=["POST"])
    @has_access
    def save(self, screen: str) -> Page:
        there, form = self._list(screen), SaveViewForm()
        query = form.query.data = _kept(there, form.query.data or "")
        is_taken = False

        def save() -> SavedView:
            nonlocal is_taken
            try:
                return service.save(
                    organization(),
                    screen=screen,
                    name=form.name.data,
                    query=query,
                    replacing=form.replacing.data or "",
                    by=seat(),
                    now=utcnow(),
                )
            except service.ViewNameTaken:
                is_taken = True
                raise

        def done(view: SavedView) -> Response:
            flash(_("The view “%(name)s” was saved.", name=view.name), "success")
            return _back(there, query)

        def again(filled: SaveViewForm) -> str:
            return self._page(
                there,
                filled,
                taken=queries.named(organization(), screen, form.name.data) if is_taken else None,
            )

        return submit(form, save, again, done)

    @expose("/<screen>/<pk>/delete", methods=["POST"])
    @has_access
    def delete(self, screen: str, pk: str) -> Page:
        there, view = self._list(screen), ROWS.one(pk)
        if view.screen != screen:
            raise NotFound()
        name = view.name
        if attempt(lambda: service.delete(view, organization(), by=seat(), now=utcnow())) is None:
            flash(_("The view “%(name)s” was deleted.", name=name), "success")
        return _back(there, _kept(there, request.form.get("query", "")))

    def _list(self, screen: str) -> ServiceModelView:
        """Return the list that the address names, if it has saved views and the reader may
        open it."""
        there = next((one for one in self.appbuilder.baseviews if one.endpoint == screen), None)
        if not isinstance(there, ServiceModelView) or not there.has_saved_views():
            raise NotFound()
        if not self.appbuilder.sm.has_access(
            f"can_{there.get_method_permission('list')}", there.class_permission_name
        ):
            abort(403)
        return there

    def _page(
        self, there: ServiceModelView, form: SaveViewForm, *, taken: SavedView | None = None
    ) -> str:
        words = Words(there)
        if form.name.errors:
            form.name.render_kw = form.name.render_kw | {"autofocus": True}
        saved = [
            (one, _address(there, query), words.tell(query))
            for one in queries.all_of(organization(), there.endpoint)
            for query in (_kept(there, one.query),)
        ]
        return str(
            self.render_template(
                "saved_views/list.html",
                title=_("Saved views"),
                there=there,
                form=form,
                saved=saved,
                kept=words.tell(form.query.data),
                back=_address(there, form.query.data),
                taken=taken,
            )
        )


def _kept(there: ServiceModelView, query: str) -> str:
    """Return of a query what the list understands, page left out."""
    return there.kept(there.read_listing(MultiDict(parse_qsl(query[:MATCH_LENGTH]))))


def _address(there: ServiceModelView, query: str) -> str:
    return f"{there.list_url()}?{query}" if query else there.list_url()


def _back(there: ServiceModelView, query: str) -> Response:
    return redirect(_address(there, query))
