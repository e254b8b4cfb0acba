"""Invitations' forms.

Here: what is typed and chosen. Not here: which addresses can be invited (invites.addresses,
invites.service).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup, escape
from wtforms import BooleanField, PasswordField, TextAreaField

from app.access.roles import CUSTOM, PRESETS
from app.accounts.forms import OwnNamesForm, login_id_field
from app.former_members.afresh import AfreshForm
from app.invites.addresses import AddressesRefused
from app.invites.sending import Asking
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import Invite, Membership
from app.offers.forms import OfferForm
from app.offers.offer import Offer
from app.screens.forms import at_most, language_field, required, zone_field


class AddressesField(TextAreaField):
    """Addresses as they were pasted; `refused` are those with an error."""

    refused: Sequence[str] = ()


class AskingForm(OfferForm):
    """What an invitation offers."""

    def show_invite(self, invite: Invite) -> None:
        """Fill the form with an invitation's offer."""
        self.show(Offer.of(invite))
        if invite.preset in PRESETS or invite.preset == CUSTOM:
            self.preset.data = invite.preset


class InviteForm(AskingForm, AfreshForm):
    """A new invitation for up to twenty addresses (S1-11…S1-19, S3-38…S3-43)."""

    link_to: Callable[[Membership | Invite], Markup] | None = None
    """Where the reader may go to settle what stands in the way; the view says it."""
    is_filled = False
    """Whether it repeats an invitation: then what the browser remembers does not count."""
    addresses = AddressesField(
        lazy("E-mail addresses"),
        validators=[required(lazy("Enter at least one email address.")), at_most(20_000)],
        render_kw={"rows": 4},
    )
    language = language_field(
        lazy("Language"), default="en", render_kw={"data-remember": "invite-language"}
    )
    hide_inviter = BooleanField(
        lazy("Hide who invites"),
        description=lazy("The letter names the organization alone."),
        render_kw={"data-remember": "invite-hide"},
    )

    def refuse_for(self, refusal: Refusal) -> None:
        """Show what is wrong with each address, with the way out beside it (T2-14)."""
        if not isinstance(refusal, AddressesRefused):
            super().refuse_for(refusal)
            return
        links = {
            fault.sentence: self.link_to(fault.about)
            for fault in refusal.faults
            if fault.about is not None and self.link_to is not None
        }
        for sentence in refusal.sentences:
            self.refuse(refusal.field, escape(sentence) + links.get(sentence, ""))
        if refusal.also is not None:
            super().refuse_for(refusal.also)
        self.addresses.refused = [fault.address for fault in refusal.faults]

    @property
    def asking(self) -> Asking:
        """What was chosen."""
        return Asking(
            self.offer,
            preset=self.preset.data,
            language=self.language.data,
            hide_inviter=bool(self.hide_inviter.data),
        )


class SignUpForm(OwnNamesForm):
    """The account of somebody who was invited; the address is the invitation's (D-5)."""

    login_id = login_id_field("username")
    password = PasswordField(
        lazy("Password"),
        validators=[required(lazy("Enter a password.")), at_most(1000)],
        render_kw={"autocomplete": "new-password"},
    )
    language = language_field(lazy("Language"))
    time_zone = zone_field(lazy("Time zone"), render_kw={"data-guess-zone": "1"})
