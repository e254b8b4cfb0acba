"""Identities: whether one can be an account's, and everything that speaks against it at once.

Here: uniqueness, together with the rules of accounts.policy and of a first password. Not here:
making and changing accounts (accounts.service).
"""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime
from typing import cast

from app.accounts.policy import (
    Identity,
    IdentityEdit,
    LoginIdRetired,
    ensure_well_formed,
    tidied,
)
from app.accounts.taken import Taken, address_key, login_key
from app.kernel.errors import Refusal, all_at_once
from app.kernel.i18n import lazy
from app.kernel.text import fold
from app.models import Account, Organization
from app.passwords import policy


class LoginIdTaken(Refusal):
    """Another account has this login ID, however it is written."""

    status = 409
    field = "login_id"
    text = lazy("Another account has this login ID. Choose a different one.")


class EmailTaken(Refusal):
    """Another account has this address, however it is written, or may still take it back."""

    status = 409
    field = "email"
    text = lazy("Another account has this e-mail address.")


def ensure_email_free(email: str, *, but: Account, now: datetime) -> None:
    """Raise EmailTaken where another account has this address, or may take it back."""
    wanted = IdentityEdit(email=email)
    _ensure_free(wanted, Taken.among([wanted], now=now), but=but)


def ensure_registrable(
    identity: Identity,
    *,
    password: str | None,
    organizations: tuple[Organization, ...] = (),
    but: Account | None = None,
    taken: Taken | None = None,
    now: datetime,
) -> None:
    """Raise at once all that would be refused of a new account and its password (None: it gets none
    yet). What `but` has is not called taken.
    """
    wanted = tidied(cast("IdentityEdit", identity))
    all_at_once(
        lambda: ensure_possible(wanted, but=but, taken=taken, now=now),
        lambda: policy.ensure_of(wanted, password, organizations) if password is not None else None,
    )


def ensure_plausible(
    identity: Identity,
    *,
    password: str | None,
    organizations: tuple[Organization, ...],
    taken: Container[str],
    retired: Container[str],
) -> None:
    """Raise at once what can be said of many new accounts before any is made: `taken` and `retired`
    are folded login IDs. Nothing is said of whether somebody has the address (D-C11).
    """
    wanted = tidied(cast("IdentityEdit", identity))
    key = fold(wanted.get("login_id", ""))
    all_at_once(
        lambda: ensure_well_formed(wanted),
        lambda: _ensure_not_among(key, taken, retired),
        lambda: policy.ensure_of(wanted, password, organizations) if password is not None else None,
    )


def _ensure_not_among(key: str, taken: Container[str], retired: Container[str]) -> None:
    if key in taken:
        raise LoginIdTaken()
    if key in retired:
        raise LoginIdRetired()


def ensure_possible(
    identity: IdentityEdit,
    *,
    but: Account | None = None,
    taken: Taken | None = None,
    now: datetime,
) -> None:
    """Raise at once what is ill-formed of an identity and what is taken; of many, `taken` was found
    for all of them.
    """
    whole = names_of(but) | identity if but else identity
    known = taken or Taken.among([identity], now=now)
    all_at_once(
        lambda: ensure_well_formed(whole),
        lambda: _ensure_login_id_free(identity, known, but=but),
        lambda: _ensure_free(identity, known, but=but),
    )


def _ensure_login_id_free(
    identity: IdentityEdit, known: Taken, *, but: Account | None = None
) -> None:
    key = login_key(identity)
    if not key:
        return
    if known.has_login_id(key, but=but.id if but else -1):
        raise LoginIdTaken()
    if key in known.retired:
        raise LoginIdRetired()


def _ensure_free(identity: IdentityEdit, known: Taken, *, but: Account | None = None) -> None:
    key = address_key(identity)
    if key and known.has_email(key, but=but.id if but else -1):
        raise EmailTaken()


def identity_of(account: Account) -> IdentityEdit:
    """Return what can be edited of an account, as it is."""
    return cast(
        "IdentityEdit", {name: getattr(account, name) for name in IdentityEdit.__annotations__}
    )


def names_of(account: Account) -> IdentityEdit:
    """Return the names, one of which stays; the rest is judged when it changes."""
    return IdentityEdit(family_name=account.family_name, given_name=account.given_name)
