"""An account's time zone, where nobody has chosen it yet (D-C14).

Here: taking over what the browser says. Not here: choosing one (accounts.service), whose zone
counts (screens.zones).
"""

from __future__ import annotations

from app.kernel.clock import zone_names
from app.models import Account


def adopt(account: Account, named: str) -> bool:
    """Let an account have the zone of its owner's browser, unless somebody chose one; return
    whether it does. A browser that hides its zone says UTC, which is believed of nobody.
    """
    if account.zone_is_chosen or named not in zone_names():
        return False
    account.time_zone, account.zone_is_chosen = named, True
    return True
