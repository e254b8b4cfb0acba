"""Events of what is done to many at once: the line that heads those of its rows.

Here: one table. Not here: the rows' own events (activity.events).
"""

from __future__ import annotations

from typing import Any

from app.activity.events import Event, declare
from app.kernel.i18n import lazy

FIELDS = ("count", "refused", "kind")
HEADINGS: set[str] = set()
"""The names of these events."""


def heading(name: str, sentence: Any) -> Event:
    """Add the heading of one kind of batch; its sentence may use %(actor)s and %(count)s."""
    HEADINGS.add(name)
    return declare(name, sentence, *FIELDS)


MEMBERS_SUSPENDED = heading("members_suspended", lazy("%(actor)s suspended %(count)s members."))
MEMBERS_REINSTATED = heading("members_reinstated", lazy("%(actor)s reinstated %(count)s members."))
MEMBERS_REMOVED = heading(
    "members_removed", lazy("%(actor)s removed %(count)s members from the organization.")
)
MEMBERS_IMPORTED = heading("members_imported", lazy("%(actor)s imported %(count)s rows of a file."))
MEMBERS_EDITED = heading("members_edited", lazy("%(actor)s changed what %(count)s members may do."))
ACCOUNTS_EDITED = heading(
    "members_accounts_edited", lazy("%(actor)s changed the accounts of %(count)s members.")
)
SESSIONS_OF_MANY_ENDED = heading(
    "members_sessions_ended", lazy("%(actor)s ended the sessions of %(count)s members.")
)
PASSWORDS_REQUIRED = heading(
    "members_passwords_required", lazy("%(actor)s required a new password of %(count)s members.")
)
INVITES_RESENT = heading("invites_resent", lazy("%(actor)s sent %(count)s invitations again."))
INVITES_CANCELLED = heading("invites_cancelled", lazy("%(actor)s cancelled %(count)s invitations."))
INVITES_DELETED = heading("invites_deleted", lazy("%(actor)s deleted %(count)s invitations."))
KEYS_REVOKED = heading("keys_revoked", lazy("%(actor)s revoked %(count)s API keys."))
ACCOUNTS_SUSPENDED = heading("accounts_suspended", lazy("%(actor)s suspended %(count)s accounts."))
ACCOUNTS_REINSTATED = heading(
    "accounts_reinstated", lazy("%(actor)s reinstated %(count)s accounts.")
)
ROWS_DELETED = heading("rows_deleted", lazy("%(actor)s deleted %(count)s rows of a list."))
ROWS_CHANGED = heading("rows_changed", lazy("%(actor)s changed %(count)s rows of a list."))
BATCH_UNDONE = heading("batch_undone", lazy("%(actor)s undid %(count)s changes at once."))
