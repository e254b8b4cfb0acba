"""An outsider reaches no row of another organization: not under its address, not under their own,
not in bulk.

Here: every address with a row's id in it, tried with rows that exist elsewhere. Not here: what
insiders may (the features' tests).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.extensions import db
from app.models import Account, Activity, Invite, MemberRole, Membership, PortalKey, SavedView
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.house.conftest import an_import

As = Callable[[Account], PortalClient]
Theirs = dict[str, str]


@pytest.fixture
def theirs(cast: Cast, as_: As) -> Theirs:
    """A row of aozora for each view of an organization that has ids in its addresses.

    A new one needs a line here.
    """
    invite, _token = factories.invite(cast.aozora, "guest@example.com", cast.tanaka)
    role = factories.role(cast.aozora, "Night shift")
    cast.membership(cast.smith).roles = [role]
    as_(cast.tanaka).submit("/o/aozora/roles/add", {"name": "Day shift"})
    view = SavedView(
        organization_id=cast.aozora.id,
        screen="MemberView",
        name="Power users",
        query="type=power",
        created_at=factories.NOW,
    )
    db.session.add(view)
    service = factories.membership(
        factories.account("payroll", is_service=True), cast.aozora, authorities=["user_viewer"]
    )
    key = factories.api_key(service, "user_viewer")
    binding = factories.binding(
        cast.aozora, cast.newcomer, cast.tanaka, created_at=datetime.now(UTC) + timedelta(days=1)
    )
    former = factories.membership(
        factories.account("former"), cast.aozora, ended_at=factories.NOW, ended_reason="removed"
    )
    letter, message = factories.letter(cast.aozora), factories.webhook_message(cast.aozora)
    db.session.commit()
    line = db.session.query(Activity).filter_by(organization_id=cast.aozora.id).first()
    assert line
    return {
        "MemberView": str(cast.membership(cast.smith).id),
        "InviteView": str(invite.id),
        "BindingView": str(binding.id),
        "JoiningView": str(binding.id),
        "MemberRoleView": str(role.id),
        "ActivityView": str(line.id),
        "UndoView": str(line.id),
        "BatchView": factories.batch(cast.aozora, cast.tanaka).public_id,
        "SavedViewsView": str(view.id),
        "KeyView": str(key.id),
        "EmailsView": str(letter.id),
        "ServiceAccountView": str(service.id),
        "MemberSigningInView": str(cast.membership(cast.smith).id),
        "FormerMemberView": str(former.id),
        "TwoFactorBoardView": str(cast.membership(cast.smith).id),
        "ImportView": an_import(cast),
        "WebhookView": str(message.webhook_id),
        "WebhookMessageView": str(message.id),
    }


def state() -> list[object]:
    """What could have changed."""
    db.session.expire_all()
    members = [
        (
            one.id,
            one.type,
            one.is_suspended,
            sorted(one.authorities),
            [role.id for role in one.roles],
        )
        for one in db.session.query(Membership)
    ]
    invites = [(one.id, one.status, one.expires_at) for one in db.session.query(Invite)]
    named = [
        (one.id, one.name) for model in (MemberRole, SavedView) for one in db.session.query(model)
    ]
    keys = [(one.id, one.account_id, one.revoked_at) for one in db.session.query(PortalKey)]
    return [sorted(members), sorted(invites), sorted(named), keys]


def addresses(app: Flask, theirs: Theirs, method: str, organization: str) -> Iterator[str]:
    """Every address of an organization that names a row, with a row of aozora."""
    for rule in app.url_map.iter_rules():
        view_name, _, endpoint = rule.endpoint.partition(".")
        if (
            "<organization>" not in rule.rule
            or "pk" not in rule.arguments
            or method not in (rule.methods or set())
        ):
            continue
        assert view_name in theirs, (
            f"add a row of aozora for {view_name} to theirs() of tests/house/test_outsider.py"
        )
        view = next(one for one in app.appbuilder.baseviews if one.endpoint == view_name)  # type: ignore[attr-defined]
        names = list(view.actions) if endpoint == "action" else [""]
        for name in names:
            path = (
                rule.rule.replace("<organization>", organization)
                .replace("<string:name>", name)
                .replace("<screen>", "MemberView")
            )
            yield re.sub(r"<(?:int:)?pk>", theirs[view_name], path)


@pytest.mark.parametrize("organization", ["aozora", "minato"])
def test_gets_404_for_every_row_however_it_is_asked_for(
    app: Flask, cast: Cast, as_: As, theirs: Theirs, organization: str
) -> None:
    """S0-01, S4-09: read and write, under their address and under one's own."""
    browser, before = as_(cast.yamada), state()
    role = theirs["MemberRoleView"]
    for path in addresses(app, theirs, "GET", organization):
        assert browser.get(f"{path}?role={role}").status_code == 404, (
            f"the outsider saw GET {path}: load rows with self.load(pk)"
        )
    for path in addresses(app, theirs, "POST", organization):
        answer = browser.submit(
            path, {"role": role, "reason": "x", "replacement": "none"}, page="/profile/"
        )
        assert answer.status_code == 404, (
            f"the outsider reached POST {path}: {answer.status_code}; load rows with self.load(pk)"
        )
        assert state() == before, f"POST {path} changed a row of another organization"


def test_selects_nothing_of_another_organization(
    app: Flask, cast: Cast, as_: As, theirs: Theirs
) -> None:
    """S0-01: ids smuggled into a list's form are nobody's."""
    browser, before = as_(cast.yamada), state()
    for view in app.appbuilder.baseviews:  # type: ignore[attr-defined]
        if view.endpoint not in theirs or not getattr(view, "actions", None):
            continue
        path = view.route_base.replace("<organization>", "minato") + "/action_post"
        for name in view.actions:
            browser.submit(
                path,
                {"action": name, "rowid": theirs[view.endpoint], "sure": "1", "chosen_role": "1"},
                page="/profile/",
            )
            assert state() == before, f"{path} did “{name}” to a row of another organization"


def test_gives_no_role_of_another_organization(cast: Cast, as_: As, theirs: Theirs) -> None:
    """S0-01: neither in a form nor inline, and none is promised in an invitation."""
    browser, own = as_(cast.yamada), cast.membership(cast.yamada).id
    role = theirs["MemberRoleView"]
    assert (
        browser.submit(
            f"/o/minato/members/give-role/{own}", {"role": role}, page="/profile/"
        ).status_code
        == 404
    )
    refused = browser.submit(
        f"/o/minato/members/edit/{own}",
        {"type": "power", "preset": "custom", "roles": [role]},
        page="/profile/",
    )
    assert refused.status_code == 422
    refused = browser.submit(
        "/o/minato/invites/add",
        {
            "addresses": "x@example.com",
            "type": "general",
            "preset": "custom",
            "roles": [role],
            "language": "en",
        },
        page="/profile/",
    )
    assert refused.status_code == 422
    assert not db.session.query(Invite).filter_by(organization_id=cast.minato.id).count()
