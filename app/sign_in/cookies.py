"""Cookies: what a browser keeps between requests for the doors of signing in.

Here: signed cookies of their own for the browsers that are known, those that are trusted and the
invitations that were opened; what the session's cookie holds while a code is waited for. Not here:
opening and ending sessions (sign_in.flow), what signs (http.signing).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import after_this_request, current_app, request, session
from itsdangerous import BadData
from werkzeug.wrappers import Response

from app.access.two_factor import Method
from app.http.signing import PortalSerializer
from app.i18n.language import KEY as LANGUAGE
from app.invites import answering
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.kernel.tokens import new_public_id
from app.models import Account, Invite
from app.two_factor import devices

MAX_ENTRIES = 5
Entries = dict[str, str]
"""By account id, or public id of an invitation: what the browser keeps for it."""
WAITING = "code"


@dataclass(frozen=True)
class SignedCookie:
    """A cookie `meibo-<name>`, signed with `salt` of its own, with an entry for each of the last
    accounts or invitations that were here; several people on one browser do not mix.
    """

    name: str
    salt: str
    lifetime: timedelta

    def read(self) -> Entries:
        """Return what this browser keeps; nothing from a cookie that was not written by us."""
        try:
            entries = self._serializer().loads(
                request.cookies.get(self._full_name(), ""),
                max_age=int(self.lifetime.total_seconds()),
            )
        except BadData:
            return {}
        return entries if isinstance(entries, dict) else {}

    def set(self, key: str, value: str) -> None:
        """Let this browser keep a value under a key, no other one lost but the oldest."""
        before = self.read()
        before.pop(key, None)
        self._write(dict([(key, value), *before.items()][:MAX_ENTRIES]))

    def delete(self, key: str) -> None:
        """Let this browser keep nothing under a key."""
        entries = self.read()
        if entries.pop(key, None) is not None:
            self._write(entries)

    def _write(self, entries: Entries) -> None:
        @after_this_request
        def write(response: Response) -> Response:
            response.set_cookie(
                self._full_name(),
                self._serializer().dumps(entries),
                max_age=self.lifetime,
                httponly=True,
                samesite="Lax",
                secure=_is_https(),
            )
            return response

    def _serializer(self) -> PortalSerializer:
        keys: list[Any] = [
            *current_app.config["SECRET_KEY_FALLBACKS"],
            current_app.config["SECRET_KEY"],
        ]
        return PortalSerializer(keys, salt=self.salt)

    def _full_name(self) -> str:
        return f"__Host-meibo-{self.name}" if _is_https() else f"meibo-{self.name}"


def _is_https() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


KNOWN = SignedCookie("known", salt="known browser", lifetime=timedelta(days=180))
"""Browsers in which somebody got in before. It opens nothing: tries in a known browser are counted
apart, so that strangers who guess cannot lock somebody out, and sign-ins in other browsers are told
by letter.
"""
TRUSTED = SignedCookie("trusted", salt="trusted device", lifetime=devices.LIFE)
"""Browsers in which somebody took the second step and which they trust. It opens nothing without
the right password, and nothing once the server's row has ended (two_factor.devices).
"""
OPENED = SignedCookie("invites", salt="opened invitation", lifetime=timedelta(days=1))
"""Invitations whose link was opened here; it outlives signing in and signing up. It holds the
digests of links, so that the links themselves stay in the letters: not in the address bar, the
history, `Referer`.
"""


def known_browser_ids() -> Entries:
    """Return whom this browser let in before, by account id, and what it is called there."""
    return KNOWN.read()


def known_browser_id(account: Account) -> str:
    """Return what this browser is called for an account that got in here before, "" for none."""
    return known_browser_ids().get(str(account.id), "")


def remember_account(account: Account) -> None:
    """Let this browser keep that this account got in here."""
    KNOWN.set(str(account.id), known_browser_id(account) or new_public_id())


def is_trusted(account: Account, *, now: datetime) -> bool:
    """Whether this browser need not take the second step of this account."""
    return devices.recognize(account, TRUSTED.read().get(str(account.id), ""), now=now)


def trust_browser(account: Account, method: Method, *, now: datetime) -> None:
    """Let this browser skip the second step of this account for 30 days."""
    key = devices.trust(
        account, method, ip=client_address(), user_agent=request.user_agent.string, now=now
    )
    TRUSTED.set(str(account.id), key)


class LinkNotOpened(NotFound):
    """An invitation's page in a browser that did not open its link, or long ago."""

    text = lazy(
        "Open the link in the invitation’s newest letter in this browser. If you just did, your"
        " browser keeps no cookies: allow them for this portal."
    )


def remember_invite(invite: Invite) -> None:
    """Let this browser keep for a day that it opened the link of an invitation."""
    OPENED.set(invite.public_id, invite.token_digest)


def find_invite(public_id: str) -> Invite:
    """Return an invitation whose link this browser opened; raise LinkNotOpened for others, and for
    one whose link was replaced meanwhile.
    """
    invite = answering.find_by_digest(OPENED.read().get(public_id, ""))
    if invite is None or invite.public_id != public_id:
        raise LinkNotOpened()
    return invite


def forget_invite(invite: Invite) -> None:
    """Let this browser keep nothing of an invitation that was answered."""
    OPENED.delete(invite.public_id)


def client_address() -> str:
    """The reader's address, as far as the trusted proxies tell."""
    return request.remote_addr or ""


def waiting_key() -> str:
    """The key of the code that this browser waits for, "" for none."""
    return str(session.get(WAITING, ""))


def clear_session(*, waiting: str = "") -> None:
    """Empty the session's cookie but for the language; `waiting`: the key of the code that this
    browser waits for from now on, which opens nothing.
    """
    language = session.get(LANGUAGE)
    session.clear()
    if language:
        session[LANGUAGE] = language
    if waiting:
        session[WAITING] = waiting
