"""The board of an organization's 2-step rule: who has done what it asks for, who is missing, who is
excepted.

Here: what is shown and pressed. Not here: the rule's settings (organizations), exceptions' verbs
(two_factor_rule.service).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access

from app.access.two_factor import bites
from app.http.context import organization, seat
from app.http.paths import asked_next
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.kernel.i18n import _, lazy
from app.models import Membership, TwoFactorException
from app.screens.actions import Page
from app.screens.formatters import display_name
from app.screens.list_query import Listing
from app.screens.model_view import ServiceModelView
from app.screens.rows import RowVerb
from app.two_factor_rule import lists, queries, service
from app.two_factor_rule.forms import ExceptionForm


class TwoFactorBoardView(ServiceModelView):
    """2-step verification in the organization: 2段階認証の設定状況 (B-52)."""

    definition = lists.BOARD
    exclude_route_methods: ClassVar[set[str]] = {
        "download",
        "show",
        "add",
        "edit",
        "delete",
        "action",
        "action_post",
    }
    list_title = lazy("2-step verification in the organization")
    list_template = "two_factor_rule/board.html"
    cell_classes: ClassVar[dict[str, str]] = {"standing": "inline", "exception": "full"}
    search_columns = ["type"]
    method_permission_name = {"list": "manage", "grant": "manage", "end": "manage"}

    @expose("/")
    @has_access
    def list(self) -> Page:
        """The board; its list stands at the address itself."""
        return super().list()

    @expose("/exception/<pk>", methods=["GET", "POST"])
    @has_access
    def grant(self, pk: str) -> Page:
        """Except a member until a day, with a reason."""
        item: Membership = self.load(pk)
        form, back = ExceptionForm(), asked_next(self.list_url())

        def again(filled: ExceptionForm) -> str:
            shown: Membership = self.load(pk)
            name = self.item_name(shown)
            return self.page(
                "two_factor_rule/exception.html",
                title=_("Except from the 2-step rule"),
                form=filled,
                name=name,
                back=back,
            )

        if request.method != "POST":
            service.ensure_may(item, by=seat())
            return again(form)

        def except_member() -> TwoFactorException:
            ensure_recent(seat(), now=utcnow())
            return service.grant(
                item, until=form.end, reason=form.reason.data or "", by=seat(), now=utcnow()
            )

        done = lazy("%(name)s is excepted for the time being.", name=self.item_name(item))
        return self._write(form, except_member, done, again, lambda _row: redirect(back))

    @expose("/exception/<pk>/end", methods=["POST"])
    @has_access
    def end(self, pk: str) -> Page:
        """End an exception at once."""
        item: Membership = self.load(pk)
        self.carry_out(lambda: service.end(item, by=seat(), now=utcnow()))
        return redirect(asked_next(self.list_url()))

    def row_menu(self) -> Sequence[RowVerb]:
        """No menu: what can be done stands in the row."""
        return []

    def has_saved_views(self) -> bool:
        """None: the board is looked at until nobody is missing, and then no more."""
        return False

    def item_name(self, item: Membership) -> str:
        return display_name(item.account)

    def page(self, template: str, **words: Any) -> str:
        """Say above the list what the rule is and how many stand how."""
        if isinstance(words.get("listing"), Listing):
            here, now = organization(), utcnow()
            words |= {
                "organization": here,
                "figures": queries.figures(here, now=now),
                "in_force": bites(here, now=now),
                "settings_url": url_for("SettingsView.edit"),
            }
        return super().page(template, **words)
