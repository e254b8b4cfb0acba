"""The page at the next sign-in: who added one to what, with what rights (D-C11).

Here: showing it, continuing, declining. Not here: what happens (bindings.answering), that nothing
else opens before (http.before_request).
"""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.wrappers import Response

from app.bindings import answering, queries
from app.bindings.lists import shown
from app.http.context import seat
from app.http.paths import asked_next
from app.kernel.clock import utcnow
from app.kernel.errors import pick
from app.kernel.i18n import _
from app.models import RoleBinding
from app.screens.actions import Page, attempt


class JoiningView(BaseView):
    """Organizations to which one was added: 追加された組織."""

    route_base = "/joining"
    default_view = "ask"
    class_permission_name = "Joining"
    method_permission_name = dict.fromkeys(("ask", "proceed", "decline"), "answer")

    @expose("/")
    @has_access
    def ask(self) -> Page:
        """Show the first that has not been answered; go on where there is none."""
        waiting = queries.mine(seat().account)
        if not waiting:
            return redirect(asked_next("/"))
        first = waiting[0]
        return str(
            self.render_template(
                "bindings/joining.html",
                title=_("You were added to an organization"),
                binding=first,
                shown=shown(first),
                more=len(waiting) - 1,
                is_given=not first.is_waiting or answering.is_given(first),
                next_path=asked_next(""),
            )
        )

    @expose("/<pk>/continue", methods=["POST"])
    @has_access
    def proceed(self, pk: str) -> Page:
        """Join, or note that it was read."""
        binding, organization = self._mine(pk)
        was_waiting, account = binding.is_waiting, seat().account
        refused = attempt(lambda: answering.proceed(binding, account=account, now=utcnow()))
        if refused is None and was_waiting:
            flash(
                _("You are a member of %(organization)s now.", organization=organization), "success"
            )
        return self._next()

    @expose("/<pk>/decline", methods=["POST"])
    @has_access
    def decline(self, pk: str) -> Page:
        """Say no."""
        binding, organization = self._mine(pk)
        account = seat().account
        if attempt(lambda: answering.decline(binding, account=account, now=utcnow())) is None:
            flash(
                _("You declined. %(organization)s sees that.", organization=organization), "success"
            )
        return self._next()

    def _mine(self, pk: str) -> tuple[RoleBinding, str]:
        binding = pick(queries.mine(seat().account), pk)
        return binding, binding.organization.name_in(seat().account.language)

    def _next(self) -> Response:
        return redirect(
            url_for("JoiningView.ask", next=asked_next(request.args.get("next", "")) or None)
        )
