"""Registering a member: the form, and what it asks of whoever fills it in.

Here: a part of MemberView. Not here: what happens (managed_accounts.registering), the form's fields
(managed_accounts.forms).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect
from werkzeug.wrappers import Response

from app.former_members.afresh import ensure_meant
from app.http.context import organization, seat
from app.http.reauthentication import ensure_recent_for_power
from app.kernel.clock import utcnow
from app.managed_accounts import registering
from app.managed_accounts.forms import RegisterForm
from app.models import FirstLogin, Membership
from app.offers.context import let_choose
from app.passwords import policy


class RegisterPages:
    """The page "Register a member"."""

    show_url: Callable[[Membership], str]

    def prepare(self, form: Any, item: Membership | None = None) -> None:
        """Offer what may be given; a password only where the organization mails it (D-C4)."""
        let_choose(form, item.account_id if item else None)
        if item is None:
            form.language.data = form.language.data or organization().language
            if organization().first_login is not FirstLogin.PASSWORD:
                del form.password
            form.also = lambda: self._ensure_registrable(form)

    def _ensure_registrable(self, form: RegisterForm) -> None:
        registering.LOOKUPS.hit(seat().account.id)
        registering.ensure_registrable(
            organization(), form.identity, password=_password_of(form), now=utcnow()
        )

    def create(self, form: RegisterForm) -> Membership:
        ensure_recent_for_power(seat(), becomes=form.offer.is_power, now=utcnow())
        ensure_meant(form, [form.email.data])
        registering.LOOKUPS.hit(seat().account.id)
        return registering.register(
            organization(),
            offer=form.offer,
            password=_password_of(form),
            by=seat(),
            now=utcnow(),
            **form.identity,
        )

    def after_add(self, item: Membership) -> Response:
        return redirect(self.show_url(item))

    def rules(self) -> tuple[tuple[policy.Rule, ...], str]:
        """The rules of a new member's password, and the same for the page to check while typing."""
        rules = policy.rules_for([organization()])
        return rules, policy.live(rules)


def _password_of(form: RegisterForm) -> str | None:
    return (form.password.data or None) if "password" in form else None
