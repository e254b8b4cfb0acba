"""The doors of service accounts: making one, and issuing its keys.

Here: what is shown and pressed by those who manage members. Not here: what happens
(service_accounts.service, api_keys.service), the list of keys (api_keys.views), a service account's
own page (members.views).
"""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from sqlalchemy import Select
from werkzeug.wrappers import Response

from app.api_keys.issuing import issue_page
from app.http.context import organization, seat
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.memberships.interface import MemberInterface
from app.models import Account, Membership
from app.offers.context import let_choose
from app.screens.actions import Page
from app.screens.formatters import display_name
from app.screens.model_view import ServiceModelView
from app.service_accounts import service as service_accounts
from app.service_accounts.forms import ServiceAccountForm


class ServiceInterface(MemberInterface):
    """The service accounts among the members."""

    def bare(self) -> Select[Any]:
        return super().bare().where(Account.is_service)


class ServiceAccountView(ServiceModelView):
    """Service accounts of the current organization: サービスアカウント (B-90)."""

    datamodel: ServiceInterface = ServiceInterface(Membership)
    route_base = "/o/<organization>/service-accounts"
    exclude_route_methods = {"download", "list", "show", "edit", "delete", "action", "action_post"}

    list_title = lazy("API keys")
    add_title = lazy("New service account")
    add_label = lazy("Make the service account")
    added = lazy("The service account was made. Now issue its first API key.")
    list_columns = ["joined_at"]
    show_columns = ["joined_at"]
    search_columns = ["joined_at"]
    add_form = ServiceAccountForm
    add_template = "service_accounts/add.html"

    class_permission_name = "Member"
    method_permission_name = {"*": "manage"}

    def prepare(self, form: ServiceAccountForm, item: Any = None) -> None:
        let_choose(form)

    def create(self, form: ServiceAccountForm) -> Membership:
        return service_accounts.create(
            organization(), name=form.name.data or "", offer=form.offer, by=seat(), now=utcnow()
        )

    def after_add(self, item: Membership) -> Response:
        return redirect(url_for("MemberView.show", pk=item.id))

    def list_url(self) -> str:
        return url_for("KeyView.list")

    @expose("/issue/<pk>", methods=["GET", "POST"])
    @has_access
    def issue(self, pk: str) -> Page:
        """Issue a key for a service account; the secret is shown once."""
        item: Membership = self.load(pk)
        seat().must_cover_member(item)
        back = url_for("MemberView.show", pk=item.id)
        return issue_page(
            item,
            by=seat(),
            back=back,
            above=[
                (str(lazy("Members")), url_for("MemberView.list")),
                (display_name(item.account), back),
            ],
        )
