"""The doors that ask for a fresh proof, as a table: who goes through, where to, with what.

Here: the table that test_proof_doors.py walks. Not here: the page that asks (proof.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.extensions import db
from app.models import Account, AccountSession, MemberType
from app.sessions import service as sessions
from tests import factories
from tests.cast import Cast
from tests.sign_in.proof import MEMBERS, POWER, identity, managed

SETTINGS = {
    "name": "株式会社あおぞら",
    "latin_name": "Aozora Inc.",
    "code": "aozora",
    "language": "ja_JP",
    "password_policy": "classic",
    "first_login": "link",
}


NEW = {
    "family_name": "Hill",
    "email": "hill@new.example",
    "login_id": "hill",
    "language": "en",
    "notifications": "y",
    "type": "power",
    "preset": "custom",
}


def other_session(who: Account) -> AccountSession:
    row, _key = sessions.open_session(
        who, now=datetime.now(UTC), ip="203.0.113.7", user_agent="other"
    )
    db.session.commit()
    return row


@dataclass(frozen=True)
class Door:
    """Somewhere a fresh proof is asked for; `path` and `data` are made from the cast."""

    name: str
    who: str
    path: Callable[[Cast], str]
    data: Callable[[Cast], dict[str, Any]] = field(default=lambda _cast: {})
    is_read: bool = False


def _key_of_smith(cast: Cast) -> int:
    return factories.api_key(cast.membership(cast.smith), "user_viewer").id


def _invitation_of_tanaka(cast: Cast) -> int:
    return factories.invite(cast.aozora, "guest@example.com", cast.tanaka)[0].id


def _added(cast: Cast) -> int:
    return factories.binding(cast.aozora, cast.newcomer, cast.tanaka).id


def _former(cast: Cast) -> int:
    one = cast.membership(cast.smith)
    one.type, one.ended_at, one.ended_reason = MemberType.POWER, factories.NOW, "removed"
    db.session.flush()
    return one.id


DOORS = [
    Door("the page that changes the address", "smith", lambda _: "/profile/email/", is_read=True),
    Door(
        "changing the address",
        "smith",
        lambda _: "/profile/email/",
        lambda _: {"email": "john@new.example"},
    ),
    Door("turning codes by mail on", "smith", lambda _: "/profile/two-factor/on"),
    Door("turning codes by mail off", "smith", lambda _: "/profile/two-factor/off"),
    Door("ending other sessions", "smith", lambda _: "/profile/sessions/others"),
    Door(
        "ending one session",
        "smith",
        lambda cast: f"/profile/sessions/{other_session(cast.smith).id}",
    ),
    Door("adding a passkey", "smith", lambda _: "/profile/passkeys/add", is_read=True),
    Door("adding an authenticator app", "smith", lambda _: "/profile/two-factor/app", is_read=True),
    Door("removing an authenticator app", "smith", lambda _: "/profile/two-factor/app/remove"),
    Door(
        "resetting a second factor",
        "tanaka",
        lambda cast: f"{MEMBERS}/signing-in/{cast.membership(cast.smith).id}/reset",
    ),
    Door("issuing a key", "smith", lambda _: "/profile/keys/add", is_read=True),
    Door(
        "deleting a key",
        "smith",
        lambda cast: f"/profile/keys/delete/{_key_of_smith(cast)}",
    ),
    Door(
        "shortening the log",
        "root",
        lambda _: "/o/aozora/activity/retention/",
        lambda _: {"kept": "days", "days": "400"},
    ),
    Door(
        "longer sessions",
        "tanaka",
        lambda _: "/o/aozora/settings/",
        lambda _: SETTINGS | {"session_idle_minutes": "60"},
    ),
    Door(
        "longer days",
        "tanaka",
        lambda _: "/o/aozora/settings/",
        lambda _: SETTINGS | {"session_hours": "24"},
    ),
    Door(
        "passwords by letter",
        "tanaka",
        lambda _: "/o/aozora/settings/",
        lambda _: SETTINGS | {"first_login": "password"},
    ),
    Door(
        "longer sessions, from above",
        "root",
        lambda cast: f"/organizations/edit/{cast.aozora.id}",
        lambda _: SETTINGS | {"session_idle_minutes": "60"},
    ),
    Door(
        "excepting a member from the rule",
        "tanaka",
        lambda cast: f"/o/aozora/settings/two-factor/exception/{cast.membership(cast.smith).id}",
        lambda _: {
            "until": (datetime.now(UTC) + timedelta(days=9)).date().isoformat(),
            "reason": "On a ship",
        },
    ),
    Door(
        "promoting a member",
        "tanaka",
        lambda cast: f"{MEMBERS}/edit/{cast.membership(cast.smith).id}",
        lambda _: POWER | {"sure": "1"},
    ),
    Door("registering a power user", "tanaka", lambda _: f"{MEMBERS}/add", lambda _: NEW),
    Door(
        "adding an account as a power user",
        "tanaka",
        lambda _: f"{MEMBERS}/existing",
        lambda _: POWER | {"who": "newcomer"},
    ),
    Door(
        "inviting a power user",
        "tanaka",
        lambda _: "/o/aozora/invites/add",
        lambda _: POWER | {"addresses": "guest@new.example", "language": "en"},
    ),
    Door(
        "promising more to the invited",
        "tanaka",
        lambda cast: f"/o/aozora/invites/edit/{_invitation_of_tanaka(cast)}",
        lambda _: POWER,
    ),
    Door(
        "another address for a managed account",
        "tanaka",
        lambda cast: f"{MEMBERS}/account/{cast.membership(managed(cast)).id}",
        lambda cast: identity(cast.smith, email="john@new.example"),
    ),
    Door(
        "a password for a managed account",
        "tanaka",
        lambda cast: f"{MEMBERS}/account/{cast.membership(managed(cast)).id}",
        lambda cast: identity(cast.smith, password="Purple-Giraffe-41"),
    ),
    Door(
        "exporting every member",
        "tanaka",
        lambda _: f"{MEMBERS}/export",
        lambda _: {"format": "csv"},
    ),
    Door(
        "exporting all that were selected by one tick",
        "tanaka",
        lambda _: f"{MEMBERS}/export",
        lambda _: {"selected": "csv", "all": "1"},
    ),
    Door(
        "exporting some members",
        "tanaka",
        lambda _: f"{MEMBERS}/export",
        lambda cast: {"selected": "csv", "rowid": str(cast.membership(cast.smith).id)},
    ),
    Door(
        "exporting the log",
        "tanaka",
        lambda _: "/o/aozora/activity/export",
        lambda _: {"format": "json"},
    ),
    Door(
        "deleting an organization",
        "root",
        lambda cast: f"/organizations/delete/{cast.minato.id}",
        lambda _: {"typed": "minato"},
    ),
    Door(
        "another login ID for an account",
        "root",
        lambda cast: f"/accounts/edit/{cast.smith.id}",
        lambda cast: identity(cast.smith, login_id="john"),
    ),
    Door(
        "suspending an account",
        "root",
        lambda cast: f"/accounts/suspension/{cast.smith.id}",
        lambda _: {"reason": "x"},
    ),
    Door(
        "suspending accounts",
        "root",
        lambda _: "/accounts/action_post",
        lambda cast: {
            "action": "suspend",
            "reason": "",
            "rowid": [cast.smith.id, cast.newcomer.id],
        },
    ),
    Door(
        "bringing a former power user back",
        "tanaka",
        lambda cast: f"/o/aozora/members/former/{_former(cast)}",
    ),
    Door(
        "making a power user of somebody who was added",
        "tanaka",
        lambda cast: f"/o/aozora/bindings/edit/{_added(cast)}",
        lambda _: POWER,
    ),
    Door("deleting an account", "root", lambda cast: f"/accounts/delete/{cast.newcomer.id}"),
]
