"""What screens of offers have in common: invitations, and people who join at the next sign-in.

Here: the form of an offer, and what it shows. Not here: giving it (each feature's service).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from app.http.context import seat
from app.http.reauthentication import ensure_recent_for_power
from app.kernel.clock import utcnow
from app.models import MemberType
from app.offers.context import let_choose
from app.offers.forms import OfferForm
from app.offers.offer import Offer


class OfferMixin:
    """A model view of rows that give a type, roles and authorities; `give` changes one."""

    edit_form: Any = OfferForm
    watched_columns: ClassVar[Sequence[str]] = ("type", "roles", "authorities")
    give: Callable[[Any, Any], None]

    def prepare(self, form: Any, item: Any = None) -> None:
        let_choose(form)

    def fill(self, form: Any, item: Any = None) -> None:
        if item is not None:
            form.show(Offer.of(item))

    def update(self, item: Any, form: Any) -> None:
        is_now, becomes = item.type is MemberType.POWER, form.offer.is_power
        ensure_recent_for_power(seat(), becomes=becomes, is_now=is_now, now=utcnow())
        self.give(item, form)
