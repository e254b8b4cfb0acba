"""Events: everything that can stand in the activity log, and the sentence it is told with.

Here: one table; a field that it does not name is a TypeError at the moment of recording. Not here:
events of second factors (activity.two_factor_events) and bindings (activity.binding_events),
writing rows (activity.service).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.kernel.i18n import lazy


@dataclass(frozen=True)
class Event:
    """One kind of thing that happens."""

    name: str
    sentence: Any
    fields: frozenset[str] = frozenset()
    own: Any = None
    """What is said instead where people do it to themselves."""


CATALOGUE: dict[str, Event] = {}
EXPORTED = ("rows", "format", "filter")
"""What is told of a file that was made."""


def declare(name: str, sentence: Any, *fields: str, own: Any = None) -> Event:
    """Add one event to the catalogue; its sentences may use %(actor)s, %(subject)s and its
    fields."""
    if name in CATALOGUE:
        raise ValueError(f"event {name!r} is declared twice")
    CATALOGUE[name] = Event(name, sentence, frozenset(fields), own)
    return CATALOGUE[name]


SIGNED_IN = declare("signed_in", lazy("%(subject)s signed in."), "two_factor", "method", "ip")
SIGN_IN_FAILED = declare(
    "sign_in_failed", lazy("Somebody failed to sign in as %(subject)s."), "failure", "ip"
)
SIGN_IN_THROTTLED = declare(
    "sign_in_throttled",
    lazy("Too many failed sign-ins as %(subject)s; further ones are refused for a while."),
    "ip",
)
SIGN_IN_PROVED = declare("sign_in_proved", lazy("%(subject)s confirmed who they are."), "ip")
SIGN_IN_NOT_PROVED = declare(
    "sign_in_not_proved",
    lazy("Somebody in a session of %(subject)s failed to confirm who they are."),
    "ip",
)
SIGNED_OUT = declare("signed_out", lazy("%(subject)s signed out."))
SESSIONS_ENDED = declare(
    "sessions_ended",
    lazy("%(actor)s ended the sessions of %(subject)s."),
    "count",
    own=lazy("%(actor)s ended their own sessions."),
)
PASSWORD_CHANGED = declare("password_changed", lazy("%(subject)s changed the password."))
PASSWORD_SET = declare("password_set", lazy("%(actor)s set a password for %(subject)s."))
PASSWORD_REQUIRED = declare(
    "password_required", lazy("%(actor)s required a new password of %(subject)s.")
)
PASSWORD_LINK_SENT = declare(
    "password_link_sent", lazy("A link to set a password was sent to %(subject)s.")
)
PASSWORD_LINK_REFUSED = declare(
    "password_link_refused", lazy("A password link was asked for, and no letter was sent.")
)

ACCOUNT_REGISTERED = declare(
    "account_registered", lazy("%(actor)s registered the account of %(subject)s.")
)
ACCOUNT_EDITED = declare(
    "account_edited",
    lazy("%(actor)s edited the account of %(subject)s."),
    "changes",
    own=lazy("%(actor)s edited their own account."),
)
ACCOUNT_SUSPENDED = declare(
    "account_suspended", lazy("%(actor)s suspended the account of %(subject)s."), "reason"
)
ACCOUNT_REINSTATED = declare(
    "account_reinstated", lazy("%(actor)s reinstated the account of %(subject)s.")
)
ACCOUNT_UNLOCKED = declare(
    "account_unlocked", lazy("%(actor)s unlocked the account of %(subject)s.")
)
ACCOUNT_DELETED = declare("account_deleted", lazy("%(actor)s deleted the account of %(subject)s."))
ACCOUNT_EMAIL_ASKED = declare(
    "account_email_asked",
    lazy("%(actor)s asked for another e-mail address for %(subject)s."),
    own=lazy("%(actor)s asked for another e-mail address."),
)
ACCOUNT_EMAIL_CANCELLED = declare(
    "account_email_cancelled",
    lazy("%(actor)s cancelled the change of e-mail address of %(subject)s."),
    own=lazy("%(actor)s cancelled the change of their e-mail address."),
)
ACCOUNT_EMAIL_VERIFIED = declare(
    "account_email_verified", lazy("%(subject)s verified the e-mail address.")
)
ACCOUNT_EMAIL_UNDONE = declare(
    "account_email_undone",
    lazy("The change of e-mail address of %(subject)s was undone from the former address."),
)

MEMBER_JOINED = declare(
    "member_joined", lazy("%(subject)s joined the organization."), "type", "roles", "authorities"
)
MEMBER_ADDED = declare(
    "member_added",
    lazy("%(actor)s added %(subject)s to the organization."),
    "type",
    "roles",
    "authorities",
    own=lazy("%(actor)s added themselves to the organization."),
)
MEMBER_EDITED = declare(
    "member_edited",
    lazy("%(actor)s changed what %(subject)s may do."),
    "changes",
    "role_ids",
    own=lazy("%(actor)s changed what they may do themselves."),
)
MEMBER_SUSPENDED = declare("member_suspended", lazy("%(actor)s suspended %(subject)s."), "reason")
MEMBER_REINSTATED = declare("member_reinstated", lazy("%(actor)s reinstated %(subject)s."))
MEMBER_REMOVED = declare(
    "member_removed",
    lazy("%(actor)s removed %(subject)s from the organization."),
    "type",
    "roles",
    "authorities",
    "role_ids",
    "suspended",
)
MEMBER_LEFT = declare(
    "member_left", lazy("%(subject)s left the organization."), "type", "roles", "authorities"
)

MEMBER_BROUGHT_BACK = declare(
    "member_brought_back",
    lazy("%(actor)s reinstated the former member %(subject)s."),
    "type",
    "roles",
    "authorities",
)

INVITE_SENT = declare(
    "invite_sent", lazy("%(actor)s invited %(subject)s."), "type", "roles", "authorities"
)
INVITE_EDITED = declare(
    "invite_edited", lazy("%(actor)s changed the invitation of %(subject)s."), "changes"
)
INVITE_RESENT = declare(
    "invite_resent", lazy("%(actor)s sent the invitation of %(subject)s again.")
)
INVITE_CANCELLED = declare(
    "invite_cancelled", lazy("%(actor)s cancelled the invitation of %(subject)s.")
)
INVITE_DELETED = declare("invite_deleted", lazy("%(actor)s deleted the invitation of %(subject)s."))
INVITE_ACCEPTED = declare("invite_accepted", lazy("%(subject)s accepted the invitation."))
INVITE_DECLINED = declare("invite_declined", lazy("%(subject)s declined the invitation."))
INVITE_EXPIRED = declare(
    "invite_expired", lazy("The invitation of %(subject)s expired without an answer."), "expires_at"
)

KEY_ISSUED = declare(
    "key_issued",
    lazy("%(actor)s issued the API key %(key)s for %(subject)s."),
    "key",
    "authorities",
    "expires_at",
    own=lazy("%(actor)s issued the API key %(key)s."),
)
KEY_REVOKED = declare(
    "key_revoked",
    lazy("%(actor)s revoked the API key %(key)s of %(subject)s."),
    "key",
    "authorities",
    own=lazy("%(actor)s deleted the API key %(key)s."),
)

ROLE_CREATED = declare(
    "role_created", lazy("%(actor)s created the role %(subject)s."), "authorities"
)
ROLE_EDITED = declare("role_edited", lazy("%(actor)s edited the role %(subject)s."), "changes")
ROLE_DELETED = declare(
    "role_deleted", lazy("%(actor)s deleted the role %(subject)s."), "replacement", "members"
)

VIEW_SAVED = declare("view_saved", lazy("%(actor)s saved the view %(subject)s."), "screen")
VIEW_REPLACED = declare(
    "view_replaced", lazy("%(actor)s replaced the saved view %(subject)s."), "screen"
)
VIEW_DELETED = declare(
    "view_deleted", lazy("%(actor)s deleted the saved view %(subject)s."), "screen"
)

MEMBER_LIST_EXPORTED = declare(
    "member_list_exported", lazy("%(actor)s exported the members as a file."), *EXPORTED
)
INVITE_LIST_EXPORTED = declare(
    "invite_list_exported", lazy("%(actor)s exported the invitations as a file."), *EXPORTED
)
ROLE_LIST_EXPORTED = declare(
    "role_list_exported", lazy("%(actor)s exported the roles as a file."), *EXPORTED
)
ACTIVITY_EXPORTED = declare(
    "activity_exported", lazy("%(actor)s exported the activity log as a file."), *EXPORTED
)

ORGANIZATION_CREATED = declare(
    "organization_created", lazy("%(actor)s created the organization %(subject)s.")
)
ORGANIZATION_EDITED = declare(
    "organization_edited", lazy("%(actor)s changed the settings of the organization."), "changes"
)
ORGANIZATION_DELETED = declare(
    "organization_deleted", lazy("%(actor)s deleted the organization %(subject)s."), "members"
)
LOG_PRUNED = declare(
    "log_pruned",
    lazy("Lines of the activity log that were old enough were deleted."),
    "count",
    "before_at",
)
LOG_KEY_CHANGED = declare(
    "log_key_changed",
    lazy("The key that signs the activity log changed."),
    *("former", "place", "head", "proved"),
)
ACCESS_DENIED = declare(
    "access_denied", lazy("%(actor)s was refused a page."), "view", "permission", "needed"
)
PLATFORM_SET_UP = declare("platform_set_up", lazy("%(subject)s set up the portal."))
TEST_LETTER_SENT = declare(
    "test_letter_sent",
    lazy("%(actor)s sent a test letter to %(subject)s."),
    own=lazy("%(actor)s sent themselves a test letter."),
)
