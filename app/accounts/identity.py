"""Identities: whether one can be an account's, and everything that speaks against it at once.

Here: uniqueness, together with the rules of accounts.policy and of a first password. Not here:
making and changing accounts (accounts.service).
"""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime
from typing import cast

from sqlalchemy import select

from app.accounts import email_undo_links, queries
from app.accounts.policy import (
    LOGIN_ID,
    Identity,
    IdentityEdit,
    LoginIdRetired,
    ensure_well_formed,
    tidied,
)
from app.extensions import db
from app.kernel.addresses import email_key
from app.kernel.errors import Refusal, all_at_once
from app.kernel.i18n import lazy
from app.kernel.text import fold, has_control_characters
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
    _ensure_free(IdentityEdit(email=email), but=but, now=now)


def ensure_registrable(
    identity: Identity,
    *,
    password: str | None,
    organizations: tuple[Organization, ...] = (),
    but: Account | None = None,
    now: datetime,
) -> None:
    """Raise at once all that would be refused of a new account and its password (None: it gets none
    yet). What `but` has is not called taken.
    """
    wanted = tidied(cast("IdentityEdit", identity))
    all_at_once(
        lambda: ensure_possible(wanted, but=but, now=now),
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


def ensure_possible(identity: IdentityEdit, *, but: Account | None = None, now: datetime) -> None:
    """Raise at once what is ill-formed of an identity and what is taken."""
    whole = names_of(but) | identity if but else identity
    all_at_once(
        lambda: ensure_well_formed(whole),
        lambda: _ensure_login_id_free(identity, but=but),
        lambda: _ensure_free(identity, but=but, now=now),
    )


def _ensure_login_id_free(identity: IdentityEdit, *, but: Account | None = None) -> None:
    login_id = identity.get("login_id", "")
    if not LOGIN_ID.fullmatch(login_id):
        return
    taken = select(Account.id).where(
        Account.id != (but.id if but else -1), Account.login_id_key == fold(login_id)
    )
    if db.session.scalar(taken):
        raise LoginIdTaken()
    if queries.is_retired(login_id):
        raise LoginIdRetired()


def _ensure_free(identity: IdentityEdit, *, but: Account | None = None, now: datetime) -> None:
    own, email = but.id if but else -1, identity.get("email", "")
    if "@" not in email or has_control_characters(email):
        return
    key = email_key(email)
    taken = select(Account.id).where(Account.id != own, Account.email_key == key)
    if db.session.scalar(taken) or email_undo_links.leads_to(key, but=own, now=now):
        raise EmailTaken()


def identity_of(account: Account) -> IdentityEdit:
    """Return what can be edited of an account, as it is."""
    return cast(
        "IdentityEdit", {name: getattr(account, name) for name in IdentityEdit.__annotations__}
    )


def names_of(account: Account) -> IdentityEdit:
    """Return the names, one of which stays; the rest is judged when it changes."""
    return IdentityEdit(family_name=account.family_name, given_name=account.given_name)
