"""Events of webhooks.

Here: their part of the catalogue. Not here: the rest of it (activity.events), adding and editing
one, which every derived screen tells of (activity.nouns).
"""

from __future__ import annotations

from app.activity.events import declare
from app.kernel.i18n import lazy

WEBHOOK_SECRET_RENEWED = declare(
    "webhooks_secret_renewed", lazy("%(actor)s gave the webhook %(subject)s a new secret.")
)
WEBHOOK_TESTED = declare(
    "webhooks_tested", lazy("%(actor)s sent a test message to the webhook %(subject)s.")
)
WEBHOOK_STOPPED = declare(
    "webhooks_stopped",
    lazy("The webhook %(subject)s was switched off, because its messages do not arrive."),
)
