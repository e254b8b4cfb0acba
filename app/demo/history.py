"""The demo's past: invitations in every state, and what the activity log remembers.

Here: writing them. Not here: people and organizations (demo.service), their tables
(demo.people).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.access.authorities import Authority as A
from app.access.roles import CUSTOM, PRESETS
from app.activity import events
from app.activity import service as activity
from app.activity.events import Event
from app.demo.people import AOZORA, INVITES, NEIGHBOURS, NEWCOMER, PEOPLE, Offer
from app.extensions import db
from app.kernel.tokens import digest, new_public_id, new_token
from app.models import (
    Account,
    BindingStatus,
    Invite,
    InviteStatus,
    MemberType,
    Organization,
    RoleBinding,
)

INVITE_LIFE = timedelta(days=7)
CUSTOM_OFFER = frozenset(
    map(
        str,
        (A.USER_VIEWER, A.PROJECT_VIEWER, A.AWS_ACCOUNT_VIEWER, A.INQUIRY_USER, A.BILLING_VIEWER),
    )
)
SATO_HOLDS = ("billing_alarm_editor", "project_addresses_editor")

HAPPENED: tuple[tuple[float, Event, str, str, dict[str, Any]], ...] = (
    # days ago, what, who, whom, details
    (0.003, events.SIGNED_IN, "tanaka", "tanaka", {"two_factor": False}),
    (
        0.05,
        events.MEMBER_EDITED,
        "tanaka",
        "sato",
        {"changes": {"roles": [["View only"], ["View only", "経理担当"]]}},
    ),
    (
        0.09,
        events.INVITE_SENT,
        "mueller",
        "l.martin@example.com",
        {"type": "general", "authorities": CUSTOM_OFFER},
    ),
    (1.2, events.MEMBER_SUSPENDED, "takahashi", "hasegawa", {"reason": "退職予定"}),
    (
        1.4,
        events.ORGANIZATION_EDITED,
        "tanaka",
        AOZORA,
        {"changes": {"first_login": ["password", "link"]}},
    ),
    (
        3,
        events.MEMBER_JOINED,
        "hayashi",
        "hayashi",
        {"type": "general", "roles": ["Co-admin"], "authorities": []},
    ),
    (
        3.1,
        events.MEMBER_EDITED,
        "tanaka",
        "sato",
        {"changes": {"authorities": [["project_addresses_editor"], sorted(SATO_HOLDS)]}},
    ),
    (4, events.ACCOUNT_REGISTERED, "takahashi", "nakamura", {}),
    (11.5, events.INVITE_DECLINED, "", "reo@example.jp", {}),
    (20, events.INVITE_CANCELLED, "mueller", "kudo@example.jp", {}),
    (30, events.MEMBER_EDITED, "tanaka", "mueller", {"changes": {"type": ["general", "power"]}}),
    (61, events.MEMBER_SUSPENDED, "tanaka", "yamamoto", {"reason": "休職のため"}),
)

ADDED: tuple[tuple[str, str, str, tuple[str, ...], BindingStatus, float], ...] = (
    ("wood", "wood", "tanaka", ("user_viewer",), BindingStatus.WAITING, 0.2),
    ("ogawa", "ogawa@minato.example", "tanaka", ("inquiry_user",), BindingStatus.WAITING, 1.5),
    ("abe", "abe", "tanaka", ("user_viewer",), BindingStatus.DECLINED, 6),
)
"""People of the second organization who were added to the first: whom, as what they were typed, by
whom, what they are given, what became of it, how many days ago (D-C11)."""


def write(organizations: dict[str, Organization], *, now: datetime) -> None:
    """Write invitations and log entries."""
    wanted = [person.login_id for person in (*PEOPLE, *NEIGHBOURS, NEWCOMER)]
    people = {
        account.login_id: account
        for account in db.session.scalars(select(Account).where(Account.login_id_key.in_(wanted)))
    }
    invites = {}
    for offer in INVITES:
        if offer[2] in people:
            invites[offer[1]] = _invite(offer, organizations[offer[0]], people, now)
    db.session.flush()
    _add(organizations[AOZORA], people, now)
    subjects = people | invites | organizations
    for days, event, actor, subject, details in HAPPENED:
        if (not actor or actor in people) and subject in subjects:
            activity.record(
                event,
                now=now - timedelta(days=days),
                by=people.get(actor),
                organization=organizations[AOZORA],
                subject=subjects[subject],
                **details,
            )
    db.session.flush()


def _add(organization: Organization, people: dict[str, Account], now: datetime) -> None:
    for login_id, typed, by, authorities, status, days in ADDED:
        if {login_id, by} <= people.keys():
            binding = RoleBinding(
                organization=organization,
                address=typed,
                account=people[login_id],
                type=MemberType.GENERAL,
                authorities=frozenset(authorities),
                status=BindingStatus.WAITING,
                made_by=people[by],
                made_by_email=people[by].email,
                created_at=now - timedelta(days=days),
            )
            if status is not BindingStatus.WAITING:
                binding.settle(status, now=now - timedelta(days=days / 2))
            db.session.add(binding)


def _invite(
    offer: Offer, organization: Organization, people: dict[str, Account], now: datetime
) -> Invite:
    _code, address, inviter, kind, preset, status, days = offer
    sent = now - timedelta(days=days)
    authorities = (
        PRESETS[preset].authorities
        if preset in PRESETS
        else CUSTOM_OFFER
        if preset == CUSTOM
        else frozenset()
    )
    answered = status in (InviteStatus.ACCEPTED, InviteStatus.DECLINED)
    invite = Invite(
        public_id=new_public_id(),
        organization=organization,
        address=address,
        inviter=people[inviter],
        inviter_email=people[inviter].email,
        type=kind,
        preset=preset,
        authorities=frozenset(map(str, authorities)),
        language="ja_JP" if address.endswith(".jp") else "en",
        status=status,
        token_digest=digest(new_token()),
        created_at=sent,
        sent_at=sent,
        expires_at=sent + INVITE_LIFE,
        answered_at=sent + timedelta(days=1) if answered else None,
        account=next((person for person in people.values() if person.email == address), None)
        if answered
        else None,
    )
    db.session.add(invite)
    return invite
