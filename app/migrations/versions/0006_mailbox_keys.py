"""one key per mailbox: IDNA 2008, every spelling of a domain alike

Revision ID: 0006
Revises: 0005

Rows whose keys change are few: those with a domain outside ASCII, in punycode, or with a dot that
is none. Two accounts that become one mailbox are never merged: the one whose address was proved,
else the older one, keeps the key; the other's key gets its number, so that it signs in by login ID
alone until somebody gives it an address of its own. The upgrade names both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import click
import sqlalchemy as sa
from alembic import op
from email_validator import EmailNotValidError, validate_email

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
MAPPED_BEFORE = re.compile("[ßς\u200c\u200d]")
"""What IDNA 2003 made something else of: the letters went to another domain."""

account = sa.table(
    "ab_user",
    sa.column("id", sa.Integer),
    sa.column("username", sa.String),
    sa.column("email", sa.String),
    sa.column("email_key", sa.String),
    sa.column("email_verified_at", sa.DateTime(timezone=True)),
)
invite = sa.table(
    "invite",
    sa.column("id", sa.Integer),
    sa.column("organization_id", sa.Integer),
    sa.column("address", sa.String),
    sa.column("address_key", sa.String),
    sa.column("inviter_email", sa.String),
    sa.column("status", sa.String),
    sa.column("sent_at", sa.DateTime(timezone=True)),
    sa.column("answered_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    _keep_where_letters_went()
    _rewrite_accounts(_written, _key)
    _rewrite_invites(_written, _key)


def downgrade() -> None:
    """Keys as they were; the spelling of the addresses stays."""
    _rewrite_accounts(lambda address: address, _key_before)
    _rewrite_invites(lambda address: address, _key_before)


def _rewrite_accounts(written: Callable[[str], str], key: Callable[[str], str]) -> None:
    bind = op.get_bind()
    rows = bind.execute(sa.select(account)).all()
    in_order = sorted(rows, key=lambda row: (row.email_verified_at is None, row.id))
    emails = {row.email: row.id for row in rows}
    owners: dict[str, sa.Row] = {}
    changed = []
    for row in in_order:
        found = key(row.email)
        owner = owners.setdefault(found, row)
        spelled = written(row.email)
        if owner is row:
            is_free = emails.get(spelled, row.id) == row.id
            new = {"email": spelled if is_free else row.email, "email_key": found}
        else:
            new = {"email": row.email, "email_key": f"{found} account {row.id}"}
            _say_shared(owner, row)
        if new != {"email": row.email, "email_key": row.email_key}:
            changed.append({"pk": row.id} | new)
    if not changed:
        return
    # out of each other's way first: a key may move from one account to another
    bind.execute(
        sa.update(account)
        .where(account.c.id == sa.bindparam("pk"))
        .values(email_key=sa.literal("moving ") + sa.cast(account.c.id, sa.String)),
        [{"pk": one["pk"]} for one in changed],
    )
    for one in changed:
        bind.execute(
            sa.update(account)
            .where(account.c.id == one["pk"])
            .values(email=one["email"], email_key=one["email_key"])
        )
        bind.execute(
            sa.text("UPDATE membership SET email_key = :key WHERE account_id = :pk"),
            {"key": one["email_key"], "pk": one["pk"]},
        )


def _rewrite_invites(written: Callable[[str], str], key: Callable[[str], str]) -> None:
    """Of two that wait for one mailbox in one organization, the one that was sent later stays, as
    if it had been sent again.
    """
    bind = op.get_bind()
    rows = bind.execute(sa.select(invite).order_by(invite.c.sent_at.desc(), invite.c.id.desc()))
    waiting: set[tuple[int, str]] = set()
    for row in rows.all():
        new = {
            "address": written(row.address),
            "address_key": key(row.address),
            "inviter_email": written(row.inviter_email),
        }
        place = (row.organization_id, new["address_key"])
        if row.status == "pending" and place in waiting:
            new |= {"status": "cancelled", "answered_at": row.sent_at}
            click.echo(
                f"The invitation to {row.address} was cancelled: a newer one waits for the same"
                " mailbox in another spelling."
            )
        elif row.status == "pending":
            waiting.add(place)
        if any(getattr(row, name) != value for name, value in new.items()):
            bind.execute(sa.update(invite).where(invite.c.id == row.id).values(**new))


def _say_shared(owner: sa.Row, other: sa.Row) -> None:
    click.echo(
        f"Accounts “{owner.username}” ({owner.email}) and “{other.username}” ({other.email}) have"
        f" the same mailbox. The address now belongs to “{owner.username}”; “{other.username}”"
        " signs in by login ID alone until its address is changed."
    )


def _keep_where_letters_went() -> None:
    """Letters to ß and ς went to another domain, by IDNA 2003. Whoever proved such an address reads
    that domain, which therefore becomes the address; what nobody proved stays as it was typed.
    """
    bind = op.get_bind()
    proved = sa.select(account).where(account.c.email_verified_at.is_not(None))
    for row in bind.execute(proved).all():
        local, _at, domain = _narrowed(row.email).rpartition("@")
        if MAPPED_BEFORE.search(domain.lower()):
            reached = f"{local}@{_reached_before(domain)}"
            bind.execute(sa.update(account).where(account.c.id == row.id).values(email=reached))
            click.echo(
                f"The address of “{row.username}” was {row.email} and is now {reached}, where its"
                " letters went and were read."
            )


def _reached_before(domain: str) -> str:
    return domain.encode("idna").decode().encode().decode("idna")


def _narrowed(address: str) -> str:
    return unicodedata.normalize("NFKC", UNSEEN.sub("", address)).replace("。", ".").strip()


def _written(address: str) -> str:
    narrowed = _narrowed(address)
    local, _at, domain = narrowed.rpartition("@")
    try:
        found = validate_email(f"x@{domain}", check_deliverability=False)
    except EmailNotValidError:
        return narrowed
    return f"{local}@{found.domain}"


def _key(address: str) -> str:
    local, at, domain = _written(address).rpartition("@")
    return f"{_folded(local)}{at}{domain}" if at else _folded(domain)


def _key_before(address: str) -> str:
    local, at, domain = unicodedata.normalize("NFKC", address).strip().rpartition("@")
    return _folded(f"{local}{at}{domain.casefold()}")


def _folded(text: str) -> str:
    once = unicodedata.normalize("NFKC", text).casefold().strip()
    return unicodedata.normalize("NFKC", once)
