"""The forms of accounts that the organization registers.

Here: what must be typed and how it is read. Not here: whether it is allowed or possible
(managed_accounts.service, managed_accounts.registering).
"""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField, PasswordField

from app.accounts.forms import NamesForm, login_id_field, notifications_field
from app.kernel.i18n import lazy
from app.models import Membership
from app.offers.forms import OfferForm
from app.screens.forms import at_most, email_field, language_field, optional


class ManagedIdentityForm(NamesForm):
    """Who somebody is (S2-11, S2-25)."""

    email = email_field(lazy("E-mail address"), render_kw={"autocomplete": "off"})
    login_id = login_id_field()
    password = PasswordField(
        lazy("Password"),
        validators=[optional(), at_most(1000)],
        render_kw={"autocomplete": "new-password"},
    )
    language = language_field(lazy("Language"))
    notifications = notifications_field()


class RegisterForm(ManagedIdentityForm, OfferForm):
    """A new account of the organization's own, and its membership (S2-11)."""

    former: Sequence[Membership] = ()
    """The former member whose account it would be."""


class AccountForm(ManagedIdentityForm):
    """A managed account's identity (D-C3, S2-25)."""

    two_factor = BooleanField(
        lazy("2-step verification"),
        description=lazy("A code from the mailbox, after the password."),
    )

    def show(self, membership: Membership) -> None:
        """Fill the form with what the account has."""
        account = membership.account
        for name in (*self.identity, "two_factor"):
            self[name].process_data(getattr(account, name))
