"""Rows that stand behind the addresses of every page.

Here: one of each kind, in aozora. Not here: walking the addresses (test_pages.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.extensions import db
from app.imports import drafts
from app.imports.kind import IMPORT
from app.imports.verdicts import Mode
from app.kernel.tokens import digest
from app.models import (
    Account,
    AccountSession,
    Activity,
    BatchState,
    EmailChange,
    LinkPurpose,
    Passkey,
    PasswordLink,
)
from app.outbox.service import Draft, post
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]


def an_import(cast: Cast, state: BatchState = BatchState.CHECKED) -> str:
    """A file of members that Tanaka chose: by its public id."""
    by = factories.seat(cast.membership(cast.tanaka))
    data = b"login_id,email,family_name\r\nhanako,hanako@aozora.example,Sato\r\n"
    batch = drafts.begin(
        IMPORT, cast.aozora, data, name="members.csv", mode=Mode(), by=by, now=factories.NOW
    )
    batch.state = state
    db.session.commit()
    return batch.public_id


@pytest.fixture
def rows(app: Flask, cast: Cast, as_: As) -> dict[str, str]:
    """What `<pk>` and its like stand for, view by view: rows of aozora. A new view with `<pk>`
    needs a line here.
    """
    post(
        Draft(
            kind="test", to="guest@example.com", language="en", words={"asked_at": factories.NOW}
        ),
        now=factories.NOW,
    )
    invite, token = factories.invite(cast.aozora, "guest@example.com", cast.tanaka)
    role = factories.role(cast.aozora, "Night shift")
    cast.membership(cast.smith).roles = [role]
    browser = as_(cast.tanaka)
    browser.submit("/o/aozora/roles/add", {"name": "Day shift"})
    browser.submit(
        f"/o/aozora/members/give-role/{cast.membership(cast.suzuki).id}",
        {"role": str(role.id)},
        page="/profile/",
    )
    edited = db.session.query(Activity).filter_by(event="member_edited").one()
    browser.act(
        "/o/aozora/members/action_post",
        {
            "action": "take_role",
            "rowid": str(cast.membership(cast.suzuki).id),
            "chosen_role": str(role.id),
            "others": "keep",
        },
        page="/profile/",
    )
    batch = db.session.query(Activity.batch).filter(Activity.batch.is_not(None)).first()
    session = db.session.query(AccountSession).filter_by(account_id=cast.tanaka.id).first()
    line = db.session.query(Activity).filter_by(organization_id=cast.aozora.id).first()
    db.session.add(
        PasswordLink(
            account=cast.smith,
            token_digest=digest("link"),
            purpose=LinkPurpose.FIRST,
            created_at=factories.NOW,
            expires_at=factories.NOW.replace(year=2099),
        )
    )
    far, dates = (
        factories.NOW.replace(year=2099),
        {"created_at": factories.NOW, "confirmed_at": None, "undo_until": None},
    )
    addresses = {
        "account": cast.tanaka,
        "old_email": cast.tanaka.email,
        "new_email": "new@example.com",
        "expires_at": far,
    }
    db.session.add(
        EmailChange(**addresses, **dates, token_digest=digest("link"), undo_digest=digest("1"))
    )
    db.session.add(
        EmailChange(
            **addresses,
            **dates | {"confirmed_at": far, "undo_until": far},
            token_digest=digest("2"),
            undo_digest=digest("link"),
        )
    )
    passkey = Passkey(
        account=cast.tanaka,
        credential_id="id",
        public_key=b"key",
        user_handle="handle",
        name="Phone",
        created_at=factories.NOW,
    )
    db.session.add(passkey)
    service = factories.membership(
        factories.account("payroll", is_service=True), cast.aozora, authorities=["user_viewer"]
    )
    key, own_key = (
        factories.api_key(service, "user_viewer"),
        factories.api_key(cast.membership(cast.tanaka), "user_viewer"),
    )
    binding = factories.binding(cast.aozora, cast.newcomer, cast.tanaka)
    factories.binding(cast.minato, cast.smith, cast.yamada, created_at=far)
    letter, message = factories.letter(cast.aozora), factories.webhook_message(cast.aozora)
    former = factories.membership(
        factories.account("former"), cast.aozora, ended_at=factories.NOW, ended_reason="removed"
    )
    db.session.commit()
    assert session
    assert line
    assert batch
    undoable = factories.batch(cast.aozora, cast.tanaka, finished_at=datetime.now(UTC))
    return {
        "UndoView.undo_batch": batch[0],
        "ImportView.check": an_import(cast),
        "ImportView": an_import(cast, state=BatchState.FINISHED),
        "BatchView": factories.batch(cast.aozora, cast.tanaka).public_id,
        "BatchView.ask": factories.batch(
            cast.aozora, cast.tanaka, state="checked", counts={"planned": 1}
        ).public_id,
        "PlatformBatchView": factories.batch(None, cast.root).public_id,
        "PlatformBatchView.ask": factories.batch(
            None, cast.root, state="checked", counts={"planned": 1}
        ).public_id,
        "BatchView.undo": undoable.public_id,
        "WebhookView": str(message.webhook_id),
        "WebhookMessageView": str(message.id),
        "MemberView": str(cast.membership(cast.smith).id),
        "InviteView": str(invite.id),
        "BindingView": str(binding.id),
        "MemberRoleView": str(role.id),
        "ActivityView": str(line.id),
        "AccountView": str(cast.smith.id),
        "OrganizationView": str(cast.aozora.id),
        "OutboxView": "1",
        "EmailsView": str(letter.id),
        "ProfileView": str(session.id),
        "InviteLinkView": invite.public_id,
        "InviteLinkView.open": token,
        "PasswordView": "link",
        "EmailLinkView": "link",
        "MyInvitesView": invite.public_id,
        "SavedViewsView": "MemberView",
        "PasskeyView": str(passkey.id),
        "KeyView": str(key.id),
        "ServiceAccountView": str(service.id),
        "MyKeysView": str(own_key.id),
        "PlatformActivityView": str(line.id),
        "UndoView": str(edited.id),
        "FormerMemberView": str(former.id),
        "MemberSigningInView": str(cast.membership(cast.smith).id),
        "TwoFactorBoardView": str(cast.membership(cast.smith).id),
        "AccountSigningInView": str(cast.smith.id),
    }
