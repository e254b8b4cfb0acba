"""The page of how somebody signs in: second factors, sessions, trusted devices.

Here: what the platform's page and the members' page share: what is shown and pressed. Not here:
whose it is (account_access.views, managed_accounts.signing_in_views), what happens (their
verbs).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.wrappers import Response

from app.http.context import seat
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.kernel.i18n import _
from app.screens.actions import Page, attempt
from app.screens.interface import PlatformInterface
from app.screens.page_view import PageView


class SigningInPages(PageView):
    """A page about one person, and four buttons on it."""

    rows: PlatformInterface
    verbs: Any
    """The module whose verbs are pressed."""

    @expose("/<pk>")
    @has_access
    def show(self, pk: str) -> Page:
        item = self.rows.one(pk)
        return self.page(
            "account_access/signing_in.html",
            title=_("Signing in"),
            item=item,
            endpoint=self.endpoint,
            **self.words(item),
        )

    @expose("/<pk>/reset", methods=["POST"])
    @has_access
    def reset(self, pk: str) -> Page:
        """Remove what somebody has lost (B-51)."""
        item = self.rows.one(pk)
        ensure_recent(seat(), now=utcnow())
        return self._done(
            pk,
            lambda: self.verbs.reset(item, by=seat(), now=utcnow()),
            _("The second factors were removed. The person was told by mail."),
        )

    @expose("/<pk>/end", methods=["POST"])
    @has_access
    def end(self, pk: str) -> Page:
        """End one session (B-68)."""
        item, asked = self.rows.one(pk), request.form.get("session", "")
        return self._done(
            pk,
            lambda: self.verbs.end_session(item, asked, by=seat(), now=utcnow()),
            _("The session has ended."),
        )

    @expose("/<pk>/end-all", methods=["POST"])
    @has_access
    def end_all(self, pk: str) -> Page:
        """End all of them."""
        item = self.rows.one(pk)
        return self._done(
            pk,
            lambda: self.verbs.end_all(item, by=seat(), now=utcnow()),
            _("All sessions have ended."),
        )

    @expose("/<pk>/distrust", methods=["POST"])
    @has_access
    def distrust(self, pk: str) -> Page:
        """Ask for the second step in every browser again."""
        item = self.rows.one(pk)
        return self._done(
            pk,
            lambda: self.verbs.distrust(item, by=seat(), now=utcnow()),
            _("No device is trusted any more."),
        )

    def words(self, item: Any) -> dict[str, Any]:
        """What the page tells: name, crumbs, signing (SigningIn), why_reset, why_end, and
        whether sessions end altogether (ends_whole)."""
        raise NotImplementedError

    def _done(self, pk: str, verb: Callable[[], Any], sentence: str) -> Response:
        if attempt(verb) is None:
            flash(sentence, "success")
        return redirect(url_for(f"{self.endpoint}.show", pk=pk))
