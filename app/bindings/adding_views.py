"""The page on which an account that exists already is added (S3-35, S4-10…S4-13).

Here: what is shown and pressed. Not here: what happens (bindings.service), who is offered while
somebody types (members.queries).
"""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.wrappers import Response

from app.bindings import service as bindings
from app.bindings.forms import AddExistingForm
from app.former_members import afresh as returning
from app.http.context import organization, seat
from app.http.reauthentication import ensure_recent_for_power
from app.kernel.clock import utcnow
from app.kernel.i18n import _
from app.kernel.text import has_control_characters
from app.managed_accounts import registering
from app.members import queries
from app.models import RoleBinding
from app.offers.context import let_choose
from app.screens.actions import Page, submit


class AddExistingView(BaseView):
    """Adding somebody who has an account already: 既存アカウントの追加."""

    route_base = "/o/<organization>/members"
    default_view = "existing"
    class_permission_name = "Binding"
    method_permission_name = {"existing": "manage", "suggestions": "manage"}

    @expose("/existing", methods=["GET", "POST"])
    @has_access
    def existing(self) -> Page:
        """Ask whom, and what they are given."""
        form = AddExistingForm()
        let_choose(form)
        form.who.render_kw = form.who.render_kw | {
            "data-suggest": url_for("AddExistingView.suggestions")
        }
        if request.method == "POST":
            return submit(form, lambda: self._add(form), self._page, _added)
        form.who.data = request.args.get("who", "")
        form.roles.data = request.args.getlist("role")
        return self._page(form)

    @expose("/suggestions")
    @has_access
    def suggestions(self) -> Page:
        """Whom one may mean, while somebody types (S4-10)."""
        words = request.args.get("q", "").strip()[:200]
        if "@" in words:  # an exact address finds strangers, too
            registering.LOOKUPS.hit(seat().account.id)
        found = (
            queries.acquaintances(seat(), words)
            if words and not has_control_characters(words)
            else []
        )
        return str(self.render_template("bindings/_suggestions.html", found=found))

    def _page(self, form: AddExistingForm) -> str:
        return str(
            self.render_template("bindings/add.html", title=_("Add an existing account"), form=form)
        )

    def _add(self, form: AddExistingForm) -> RoleBinding:
        ensure_recent_for_power(seat(), becomes=form.offer.is_power, now=utcnow())
        registering.LOOKUPS.hit(seat().account.id)
        returning.ensure_meant(form, [form.who.data])
        return bindings.add(
            organization(), who=form.who.data, offer=form.offer, by=seat(), now=utcnow()
        )


def _added(binding: RoleBinding) -> Response:
    if binding.is_waiting:
        flash(
            _("%(name)s was added, and joins at the next sign-in.", name=binding.address), "success"
        )
        return redirect(url_for("BindingView.list"))
    flash(_("The account was added to the organization."), "success")
    member = next(
        membership
        for membership in binding.account.memberships
        if membership.organization_id == binding.organization_id
    )
    return redirect(url_for("MemberView.show", pk=member.id))
