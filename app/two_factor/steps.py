"""Steps: half a minute each, of which a code of an authenticator app is made (TOTP, RFC 6238).

Here: which step a code belongs to, and what is said of one that was used. Not here: the apps and
their secrets (two_factor.apps).
"""

from __future__ import annotations

from datetime import datetime

import pyotp

from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.kernel.tokens import same

STEP = 30
NEAR = (-1, 0, 1)
"""How many steps a phone's clock may be off."""


class CodeUsed(Refusal):
    """The app's code is right, but each opens once."""

    status = 422
    field = "code"
    text = lazy(
        "This code has been used already. Wait until your app shows the next one, at most 30"
        " seconds."
    )


def step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """Return the newest near step whose code this is, None where it is none's; the same work for
    each.
    """
    app, here = pyotp.TOTP(secret), int(now.timestamp()) // STEP
    fitting = [here + off for off in NEAR if same(app.generate_otp(here + off), code)]
    return max(fitting, default=None)
