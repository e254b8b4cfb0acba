"""Events that the log tells of itself and of the portal as a whole.

Here: a part of the catalogue. Not here: the others (activity.events).
"""

from __future__ import annotations

from app.activity.events import declare
from app.kernel.i18n import lazy

PORTAL_RESTORED = declare(
    "platform_restored", lazy("The portal was restored from a backup."), "made_at"
)
LOG_DIVIDED = declare(
    "log_divided",
    lazy("From here on the activity log of each organization is sealed by itself."),
    *("place", "head"),
)
