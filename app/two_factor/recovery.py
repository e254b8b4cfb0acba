"""Recovery codes: ten on paper, each good for once, for whoever has lost the app or the passkey.

Here: making, counting and using them. Not here: showing them (profile), taking a try
(two_factor.service).
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from datetime import datetime

from sqlalchemy import delete, func, select, update

from app.access.guard import hold_account, lock_account
from app.access.seat import Seat
from app.activity import two_factor_events
from app.activity.service import record_everywhere
from app.extensions import db
from app.kernel.tokens import same
from app.models import Account, RecoveryCode
from app.outbox import service as outbox
from app.two_factor import mail

HOW_MANY = 10
FEW = 3
"""From so few left on, the profile asks for new ones."""
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""32 signs that are not mistaken for each other: a code has 60 bits."""
GROUPS, LENGTH = 3, 4
MISREAD = str.maketrans("oil", "011")
WORK = {"n": 2**14, "r": 8, "p": 5}
"""What scrypt does for one code."""


class NewCodes:
    """Ten codes under one salt, so that a try costs one scrypt, and their hashes.

    Making them takes one to two seconds: do it before the transaction writes, because on SQLite
    every other write waits meanwhile.
    """

    def __init__(self) -> None:
        self.salt, self.codes = secrets.token_hex(16), [_new_code() for _number in range(HOW_MANY)]
        self.digests = [_hash(plain(code), self.salt) for code in self.codes]


def new_codes_if_none(account: Account) -> NewCodes | None:
    """Return codes for `ensure_codes`; None for somebody who has some."""
    return None if _has_codes(account) else NewCodes()


def ensure_codes(account: Account, new: NewCodes | None, now: datetime) -> list[str] | None:
    """Keep ten codes for somebody who has none yet and return them, this once; None for somebody
    who has.

    To be called with the first authenticator app or passkey, in its transaction.
    """
    lock_account(account.id)
    return None if _has_codes(account) else _keep(account, new or NewCodes(), now)


def make_anew(account: Account, *, by: Seat, now: datetime) -> list[str]:
    """Replace the codes and return the new ones, this once; the old ones no longer work, and the
    owner is told by letter. Raises SessionOver.
    """
    new = NewCodes()
    hold_account(account, by.session)
    drop(account)
    codes = _keep(account, new, now)
    record_everywhere(two_factor_events.RECOVERY_CODES_MADE, account=account, by=by, now=now)
    outbox.post(mail.recovery_codes_made(account, now=now), now=now)
    return codes


def left(account: Account) -> int:
    """Return how many codes still work."""
    unused = (RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(select(func.count(RecoveryCode.id)).where(*unused)) or 0


def drop(account: Account) -> None:
    """Let every code of an account be gone."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def use(account: Account, typed: str, *, now: datetime) -> bool:
    """Whether this is one of the account's codes, used up by this very request; the owner is told
    by letter.
    """
    rows = db.session.scalars(
        select(RecoveryCode).where(RecoveryCode.account_id == account.id).order_by(RecoveryCode.id)
    ).all()
    if not rows:
        return False
    hashed = _hash(plain(typed), rows[0].salt)
    fitting = [row.id for row in rows if same(hashed, row.code_digest)]
    used = (
        update(RecoveryCode)
        .where(RecoveryCode.id.in_(fitting), RecoveryCode.used_at.is_(None))
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    if db.session.scalar(used, execution_options={"synchronize_session": False}) is None:
        return False
    remaining = left(account)
    record_everywhere(
        two_factor_events.RECOVERY_CODE_USED, account=account, by=account, now=now, left=remaining
    )
    outbox.post(mail.recovery_code_used(account, left=remaining, now=now), now=now)
    return True


def plain(typed: str) -> str:
    """Return a code as it is hashed, however it was typed: wide or narrow, in capitals, with or
    without hyphens, an o for a 0.
    """
    letters = unicodedata.normalize("NFKC", typed).casefold().translate(MISREAD)
    return "".join(one for one in letters if one in ALPHABET)


def _has_codes(account: Account) -> bool:
    rows = select(RecoveryCode.id).where(RecoveryCode.account_id == account.id).limit(1)
    return db.session.scalar(rows) is not None


def _keep(account: Account, new: NewCodes, now: datetime) -> list[str]:
    db.session.add_all(
        RecoveryCode(account_id=account.id, salt=new.salt, code_digest=hashed, created_at=now)
        for hashed in new.digests
    )
    db.session.flush()
    return new.codes


def _new_code() -> str:
    return "-".join(
        "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH)) for _group in range(GROUPS)
    )


def _hash(code: str, salt: str) -> str:
    return hashlib.scrypt(code.encode(), salt=bytes.fromhex(salt), **WORK).hex()
