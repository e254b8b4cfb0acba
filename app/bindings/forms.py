"""The form of adding an account that exists already.

Here: who, and what they are given. Not here: whether it may be given (offers.offer).
"""

from __future__ import annotations

from app.former_members.afresh import AfreshForm
from app.kernel.i18n import lazy
from app.screens.forms import text_field


class AddExistingForm(AfreshForm):
    """Somebody who has an account already (S3-35)."""

    who = text_field(
        lazy("E-mail address or login ID"),
        254,
        needed=True,
        description=lazy(
            "Exactly as the person’s account has it. People of your other organizations are offered"
            " while you type."
        ),
        autocapitalize="none",
        autocomplete="off",
    )
