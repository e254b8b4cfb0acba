"""Questions about passkeys to the database.

Here: reading. Not here: changing anything (passkeys.service).
"""

from __future__ import annotations

from sqlalchemy import select

from app.extensions import db
from app.models import Account, Passkey


def list_for(account: Account) -> list[Passkey]:
    """Return the passkeys of an account, oldest first."""
    return list(
        db.session.scalars(
            select(Passkey).where(Passkey.account_id == account.id).order_by(Passkey.id)
        )
    )


def find(credential_id: str) -> Passkey | None:
    """Return the passkey that a browser names."""
    return db.session.scalars(
        select(Passkey).where(Passkey.credential_id == credential_id)
    ).one_or_none()


def exists(passkey: Passkey) -> bool:
    """Whether it is still there, whatever this session remembers."""
    return db.session.scalar(select(Passkey.id).where(Passkey.id == passkey.id)) is not None
