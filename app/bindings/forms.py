"""The form of what somebody is given when they join.

Here: what is chosen. Not here: whether it may be given (members.offer).
"""

from __future__ import annotations

from app.members.forms import OfferForm
from app.members.offer import Offer
from app.models import RoleBinding


class BindingForm(OfferForm):
    """Type, roles, authorities."""

    def show_binding(self, binding: RoleBinding) -> None:
        """Fill the form with what a binding gives."""
        self.show(Offer.of(binding))
