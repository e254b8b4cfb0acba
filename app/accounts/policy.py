"""Identity's rules: what names, login IDs and addresses may look like.

Here: pure functions that raise. Not here: whether they are taken (accounts.service).
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any, TypedDict, cast

from app.kernel.addresses import LONGEST, mailbox_or_none, normalize_email
from app.kernel.errors import Refusal, all_at_once
from app.kernel.i18n import lazy
from app.kernel.text import has_control_characters, has_site, narrow, tidy

LOGIN_ID = re.compile(r"[._-]{0,63}[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
NAMES = ("family_name", "given_name", "reading", "latin_name")
LENGTHS = {
    "family_name": 64,
    "given_name": 64,
    "reading": 128,
    "latin_name": 128,
    "login_id": 64,
    "email": LONGEST,
}


class Identity(TypedDict, total=False):
    """What can be said of a person; D-C3 says who may change it."""

    family_name: str
    given_name: str
    reading: str
    latin_name: str
    email: str
    login_id: str
    language: str
    time_zone: str
    notifications: bool


class IdentityEdit(Identity, total=False):
    """What can be changed of it later (S2-25)."""

    two_factor: bool
    power_notifications: bool


class SiteInName(Refusal):
    """Names stand in letters to strangers, who would follow the address."""

    text = lazy("A name cannot contain a web address.")


class NameMissing(Refusal):
    """Somebody without a name."""

    field = "family_name"
    text = lazy("Enter a family name.")


class TooLong(Refusal):
    """An entry longer than what is kept."""

    text = lazy("At most %(max)d characters.")


class Untyped(Refusal):
    """An entry with characters that nobody types."""

    text = lazy(
        "This contains a character that cannot be used here, such as a line break or a control"
        " character."
    )


class LoginIdMalformed(Refusal):
    """A login ID that is none."""

    field = "login_id"
    text = lazy(
        "A login ID has 1 to 64 characters: letters a–z, digits, period, underscore and hyphen."
        " At least one of them is a letter or a digit."
    )


class LoginIdRetired(Refusal):
    """The log tells of somebody else under this login ID."""

    status = 409
    field = "login_id"
    text = lazy("A deleted account had this login ID. Choose a different one.")


class LoginIdLikeEmail(Refusal):
    """A login ID that could be mistaken for an address."""

    field = "login_id"
    text = lazy("A login ID cannot contain @, so that it is never mistaken for an e-mail address.")


class EmailMalformed(Refusal):
    """An address that no mail can be sent to."""

    field = "email"
    text = lazy("That is not an email address, such as name@example.com.")


def ensure_well_formed(identity: IdentityEdit) -> None:
    """Raise every complaint about an identity, each at its field."""
    all_at_once(
        *(partial(_ensure_plain, name, identity.get(name, "")) for name in LENGTHS),
        *(partial(_ensure_no_site, name, identity.get(name, "")) for name in NAMES),
        lambda: ensure_login_id(identity["login_id"]) if "login_id" in identity else None,
        lambda: ensure_email(identity["email"]) if "email" in identity else None,
        lambda: _ensure_named(identity),
    )


def _ensure_no_site(name: str, value: object) -> None:
    if has_site(str(value)):
        raise SiteInName(field=name)


def tidied(identity: IdentityEdit) -> IdentityEdit:
    """Return an identity as it is kept, whatever came along when it was typed or copied."""
    kept = {
        name: tidy(value) if isinstance(value, str) else value for name, value in identity.items()
    }
    for name, written in (("email", normalize_email), ("login_id", narrow)):
        if name in kept:
            kept[name] = written(str(kept[name]))
    return cast("IdentityEdit", kept)


def ensure_login_id(login_id: str) -> None:
    """Raise unless this can be a login ID."""
    if "@" in login_id or "＠" in login_id:
        raise LoginIdLikeEmail()
    if not LOGIN_ID.fullmatch(login_id):
        raise LoginIdMalformed()


def ensure_email(email: str) -> None:
    """Raise unless this can be an e-mail address."""
    if mailbox_or_none(email) is None:
        raise EmailMalformed()


def _ensure_named(identity: IdentityEdit) -> None:
    if not any(tidy(str(identity.get(name, "x"))) for name in ("family_name", "given_name")):
        raise NameMissing()


def _ensure_plain(name: str, value: Any) -> None:
    if has_control_characters(str(value)):
        raise Untyped(field=name)
    if len(str(value)) > LENGTHS[name]:
        raise TooLong(field=name, max=LENGTHS[name])
