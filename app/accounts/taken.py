"""Taken: which login IDs and addresses of some new identities are somebody's already.

Here: finding it for one or many, in four statements. Not here: what is refused because of it
(accounts.identity).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from app.accounts import email_undo_links
from app.accounts.policy import LOGIN_ID
from app.extensions import db
from app.kernel.addresses import email_key
from app.kernel.text import fold, has_control_characters
from app.models import Account, RetiredLoginId


@dataclass
class Taken:
    """Login IDs and addresses, folded, and the ids of the accounts that hold them."""

    login_ids: dict[str, int] = field(default_factory=dict)
    emails: dict[str, int] = field(default_factory=dict)
    retired: frozenset[str] = frozenset()
    reserved: dict[str, set[int]] = field(default_factory=dict)
    """Addresses that accounts may still take back."""

    @classmethod
    def among(cls, identities: Iterable[Mapping[str, Any]], *, now: datetime) -> Taken:
        """Look at what some identities name.

        Accounts come first: a change of address that is committed in between is seen after them.
        """
        these = [*identities]
        logins = {one for one in map(login_key, these) if one}
        emails = {one for one in map(address_key, these) if one}
        if not logins and not emails:
            return cls()
        named = or_(Account.login_id_key.in_(logins), Account.email_key.in_(emails))
        found = db.session.execute(
            select(Account.id, Account.login_id_key, Account.email_key).where(named)
        ).all()
        gone = select(RetiredLoginId.login_id_key).where(RetiredLoginId.login_id_key.in_(logins))
        return cls(
            {login: pk for pk, login, _email in found},
            {email: pk for pk, _login, email in found},
            frozenset(db.session.scalars(gone)) if logins else frozenset(),
            email_undo_links.reserved(now=now) if emails else {},
        )

    def add(self, identity: Mapping[str, Any]) -> None:
        """Count one more identity, which is about to be written."""
        self.login_ids[login_key(identity)] = self.emails[address_key(identity)] = NEW

    def has_login_id(self, key: str, *, but: int) -> bool:
        return self.login_ids.get(key, but) != but

    def has_email(self, key: str, *, but: int) -> bool:
        """Whether another account has an address, or may take it back."""
        return self.emails.get(key, but) != but or bool(self.reserved.get(key, set()) - {but})


NEW = 0
"""Stands for an account that has no id yet."""


def login_key(identity: Mapping[str, Any]) -> str:
    """What a well-formed login ID is compared by; "" for any other."""
    login_id = identity.get("login_id", "")
    return fold(login_id) if LOGIN_ID.fullmatch(login_id) else ""


def address_key(identity: Mapping[str, Any]) -> str:
    """What an address is compared by; "" for what is none."""
    email = identity.get("email", "")
    return "" if "@" not in email or has_control_characters(email) else email_key(email)
