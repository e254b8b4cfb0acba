"""Members' forms.

Here: what must be typed and how it is read. Not here: whether it is allowed or possible
(members.service, members.offer).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wtforms import BooleanField, PasswordField, StringField, TextAreaField

from app.access.roles import CUSTOM, PRESETS
from app.accounts.forms import NamesForm, login_id_field, notifications_field
from app.kernel.i18n import lazy
from app.members.fields import AuthoritiesField, PresetField, RolesField, TypeField
from app.members.offer import Offer
from app.models import MemberRole, Membership, MemberType
from app.screens.forms import (
    PortalForm,
    at_most,
    email_field,
    language_field,
    optional,
    required,
    strip,
)


class GrantForm(PortalForm):
    """Roles, and authorities by preset or one by one."""

    roles = RolesField(lazy("Roles"))
    preset = PresetField(lazy("Authority preset"))
    authorities = AuthoritiesField(lazy("Authorities"))

    def offer_to_choose(
        self, roles: Iterable[MemberRole], covered: frozenset[str], *, power: bool
    ) -> None:
        """Say which roles there are, and what the giver can give."""
        self.roles.offer(roles, covered)
        self.authorities.offer(covered)
        self.preset.covered = covered

    @property
    def offer(self) -> Offer:
        """What was chosen."""
        preset = PRESETS.get(self.preset.data)
        return Offer(
            MemberType.GENERAL,
            self.roles.chosen,
            frozenset(map(str, preset.authorities)) if preset else self.authorities.chosen,
        )


class OfferForm(GrantForm):
    """Those and a type; a power user needs no authorities."""

    type = TypeField(lazy("Type"))

    def offer_to_choose(
        self, roles: Iterable[MemberRole], covered: frozenset[str], *, power: bool
    ) -> None:
        super().offer_to_choose(roles, covered, power=power)
        self.type.may_give_power = power

    def show(self, offer: Offer) -> None:
        """Fill the form with what somebody has."""
        self.type.data = str(offer.type)
        self.roles.process_data(offer.roles)
        self.authorities.data = sorted(offer.authorities)
        same = (key for key, preset in PRESETS.items() if preset.authorities == offer.authorities)
        self.preset.data = next(same, CUSTOM)

    @property
    def offer(self) -> Offer:
        return (
            Offer(MemberType.POWER, self.roles.chosen)
            if self.type.chosen is MemberType.POWER
            else super().offer
        )


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


class ServiceAccountForm(GrantForm):
    """A member that is no person: never a power user, and without an address."""

    name = StringField(
        lazy("Name"),
        filters=[strip],
        validators=[required(), at_most(64)],
        description=lazy("What it works for, such as “Payroll”."),
        render_kw={"autocomplete": "off"},
    )


class RegisterForm(ManagedIdentityForm, OfferForm):
    """A new account of the organization's own, and its membership (S2-11)."""

    former: Sequence[Membership] = ()
    """The former member whose account it would be."""


class AfreshForm(OfferForm):
    """Gives somebody a membership, who may have had one before (T2-112)."""

    former: Sequence[Membership] = ()
    """Former members among those who are named, once that was refused."""
    afresh = BooleanField(lazy("Start over with what is chosen here, not with what they had"))


class AddExistingForm(AfreshForm):
    """Somebody who has an account already (S3-35)."""

    who = StringField(
        lazy("E-mail address or login ID"),
        filters=[strip],
        validators=[required(), at_most(254)],
        render_kw={"autocapitalize": "none", "autocomplete": "off"},
        description=lazy(
            "Exactly as the person’s account has it. People of your other organizations are offered"
            " while you type."
        ),
    )


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


class SuspensionForm(PortalForm):
    """Why somebody is suspended."""

    reason = TextAreaField(
        lazy("Reason"),
        filters=[strip],
        validators=[optional(), at_most(500)],
        render_kw={"rows": 3},
        description=lazy("The member reads it in the letter that tells of the suspension."),
    )
