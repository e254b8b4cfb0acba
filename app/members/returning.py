"""What a form answers where somebody it names was a member before (T2-112).

Here: the question, for the forms that register, add and invite. Not here: who was a member
(members.former_queries), bringing one back (members.former).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.http.context import organization
from app.members import former


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
