"""What a form asks where somebody it names was a member before (T2-112).

Here: the question, for the forms that register, add and invite. Not here: who was a member
(former_members.queries), bringing one back (former_members.service).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import BooleanField

from app.former_members import service as former
from app.http.context import organization
from app.kernel.i18n import lazy
from app.models import Membership
from app.offers.forms import OfferForm


class AfreshForm(OfferForm):
    """Gives somebody a membership, who may have had one before (T2-112)."""

    former: Sequence[Membership] = ()
    """Former members among those who are named, once that was refused."""
    afresh = BooleanField(lazy("Start over with what is chosen here, not with what they had"))


def ensure_meant(form: Any, names: Iterable[str]) -> None:
    """Raise WereMembers, and let the form offer both ways, unless it says that they start
    afresh.
    """
    is_said = "afresh" in form and bool(form.afresh.data)
    try:
        former.ensure_meant(organization(), names, afresh=is_said)
    except former.WereMembers as refusal:
        form.former = refusal.former
        raise
