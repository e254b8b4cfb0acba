"""Factories: rows for tests, with sensible defaults, one line each.

Here: building nouns. Not here: people and organizations (app.testing.people), servers (servers.py).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from app.access.seat import Seat
from app.extensions import db
from app.kernel.tokens import digest, new_public_id, new_token
from app.models import (
    Account,
    Batch,
    BatchState,
    BindingStatus,
    Invite,
    InviteStatus,
    Letter,
    LetterState,
    MemberRole,
    Membership,
    MemberType,
    Organization,
    PortalKey,
    RecoveryCode,
    RoleBinding,
    Webhook,
    WebhookMessage,
)
from app.testing.people import (  # noqa: F401  (as the tests call them)
    NOW,
    PASSWORD,
    account,
    membership,
    organization,
    password_hash,
    platform_administrator,
)

_papers: dict[tuple[str, int], tuple[list[str], list[tuple[str, str]]]] = {}


def role(where: Organization | None, name: str, *authorities: str) -> MemberRole:
    row = MemberRole(
        organization_id=where.id if where else None,
        name=name,
        authorities=frozenset(map(str, authorities)),
        created_at=NOW,
    )
    db.session.add(row)
    db.session.flush()
    return row


def binding(where: Organization, who: Account, made_by: Account, **more: Any) -> RoleBinding:
    """Somebody who was added and joins at the next sign-in."""
    values: dict[str, Any] = {
        "address": who.email,
        "type": MemberType.GENERAL,
        "status": BindingStatus.WAITING,
        "created_at": NOW,
        "authorities": frozenset({"user_viewer"}),
    }
    row = RoleBinding(
        organization=where,
        account=who,
        made_by=made_by,
        made_by_email=made_by.email,
        **(values | more),
    )
    db.session.add(row)
    db.session.flush()
    return row


def invite(where: Organization, address: str, inviter: Account, **more: Any) -> tuple[Invite, str]:
    """Make an invitation; return it and the token of its letter."""
    token = new_token()
    sent = more.pop("sent_at", datetime.now(UTC))
    values: dict[str, Any] = {
        "type": MemberType.GENERAL,
        "language": "en",
        "status": InviteStatus.PENDING,
        "created_at": sent,
        "sent_at": sent,
        "expires_at": sent + timedelta(days=7),
        "authorities": frozenset(),
        "inviter_email": inviter.email,
        "preset": "custom",
    }
    row = Invite(
        organization=where,
        address=address,
        inviter=inviter,
        public_id=new_public_id(),
        token_digest=digest(token),
        **(values | more),
    )
    db.session.add(row)
    db.session.flush()
    return row, token


def letter(where: Organization | None, recipient: str = "guest@example.com", **more: Any) -> Letter:
    """Make a letter of an organization, or of the portal alone, which could not be delivered."""
    values: dict[str, Any] = {
        "kind": "invite",
        "language": "en",
        "subject": "An invitation",
        "text": "the link",
        "html": "<p>the link</p>",
        "state": LetterState.DEAD,
        "reason": "no such mailbox",
        "created_at": NOW,
        "due_at": NOW,
    }
    row = Letter(
        message_id=f"<{new_public_id()}@example.com>",
        organization_id=where.id if where else None,
        recipient=recipient,
        **(values | more),
    )
    db.session.add(row)
    db.session.flush()
    return row


def api_key(holder: Membership, *scopes: str, name: str = "Nightly sync", **more: Any) -> PortalKey:
    """A key that works for thirty days from now; nobody knows its secret."""
    values: dict[str, Any] = {
        "prefix": new_public_id(),
        "secret_digest": digest(new_token()),
        "created_at": NOW,
        "expires_at": datetime.now(UTC) + timedelta(days=30),
        "last_ip": "",
        "created_by": "",
        "revoked_by": "",
        "scopes": frozenset(map(str, scopes)),
    }
    row = PortalKey(
        account=holder.account, organization=holder.organization, name=name, **(values | more)
    )
    db.session.add(row)
    db.session.flush()
    return row


def batch(where: Organization | None, by: Account, **more: Any) -> Batch:
    """Something that was done to many, without rows."""
    values: dict[str, Any] = {
        "kind": "suspend_members" if where else "suspend_accounts",
        "permission": "manage",
        "view": "Member" if where else "Account",
        "state": BatchState.FINISHED,
        "counts": {"done": 1},
        "total": 1,
        "created_at": NOW,
        "finished_at": NOW,
    }
    row = Batch(public_id=new_public_id(), organization=where, author=by, **(values | more))
    db.session.add(row)
    db.session.flush()
    return row


def seat(held: Membership) -> Seat:
    """The seat of a member in their organization, as a request has it."""
    return Seat(
        held.account,
        organization=held.organization,
        membership=held,
        memberships=[held],
    )


def recovery_codes(who: Account) -> list[str]:
    """Give somebody ten recovery codes, which are hashed once for the whole run; return them."""
    from app.two_factor import recovery

    paper = who.login_id, recovery.WORK["n"]
    if paper in _papers:
        codes, kept = _papers[paper]
        db.session.add_all(
            RecoveryCode(account_id=who.id, salt=salt, code_digest=hashed, created_at=NOW)
            for salt, hashed in kept
        )
    else:
        codes = recovery.ensure_codes(who, None, NOW) or []
        rows = db.session.query(RecoveryCode).filter_by(account_id=who.id).order_by(RecoveryCode.id)
        _papers[paper] = codes, [(row.salt, row.code_digest) for row in rows]
    db.session.commit()
    return codes


def webhook_message(of: Organization) -> WebhookMessage:
    """A message that arrived, of a webhook of its own."""
    hook = Webhook(
        organization_id=of.id,
        name="CRM",
        address="https://192.0.2.1/hook",
        created_at=NOW,
        secret="x",
        sent_up_to=0,
        is_active=False,
    )
    message = WebhookMessage(
        organization_id=of.id,
        webhook=hook,
        event="member_joined",
        message_id="msg_1",
        state="arrived",
        created_at=NOW,
        due_at=NOW,
        status=200,
        body="{}",
    )
    db.session.add(message)
    db.session.flush()
    return message
