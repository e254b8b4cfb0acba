"""D-1: "only what they hold themselves", an organization's setting. It …"""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.access.authorities import CATALOGUE, Use, administrative, everything, register
from app.access.granting import AboveYourself
from app.extensions import db
from app.models import AccountSession, Activity
from app.organizations import security_policy
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import As

SETTINGS = "/o/aozora/settings/"


def settings_form(cast: Cast, **more: str) -> dict[str, str]:
    where = cast.aozora
    return {
        "name": where.name,
        "latin_name": where.latin_name,
        "code": where.code,
        "language": where.language,
        "password_policy": where.password_policy.value,
        "first_login": where.first_login.value,
        "session_idle_minutes": str(where.session_idle_minutes),
        "session_hours": str(where.session_hours),
    } | more


def save(browser: PortalClient, cast: Cast, **more: str) -> int:
    status: int = browser.submit(SETTINGS, settings_form(cast, **more)).status_code
    db.session.expire_all()
    return status


def test_is_off_and_is_switched_on_and_off_with_a_line_each(as_: As, cast: Cast) -> None:
    assert not cast.aozora.grant_only_held
    browser = as_(cast.tanaka)
    assert save(browser, cast, grant_only_held="y") == 302
    assert cast.aozora.grant_only_held
    assert save(browser, cast) == 302
    assert not cast.aozora.grant_only_held
    lines = db.session.query(Activity).filter_by(event="organization_edited").order_by(Activity.id)
    assert [line.details["changes"]["grant_only_held"] for line in lines] == [
        [False, True],
        [True, False],
    ]


def test_asks_for_a_fresh_proof_before_it_is_loosened(as_: As, cast: Cast) -> None:
    browser = as_(cast.tanaka)
    assert save(browser, cast, grant_only_held="y") == 302
    for session in db.session.query(AccountSession):
        session.proved_at -= timedelta(days=1)
        session.created_at -= timedelta(hours=2)
    db.session.commit()
    answer = browser.submit(SETTINGS, settings_form(cast))
    assert "/proof" in answer.headers.get("Location", "") or answer.status_code == 403
    db.session.expire_all()
    assert cast.aozora.grant_only_held, "not before that"
    assert security_policy.loosens(cast.aozora, {"grant_only_held": False})
    assert not security_policy.loosens(cast.aozora, {"grant_only_held": True})
    assert not security_policy.loosens(cast.minato, {"grant_only_held": False})


def test_guards_everything_while_it_is_on(cast: Cast) -> None:
    own = cast.membership(cast.smith)
    own.authorities = frozenset({"member_manager", "user_viewer"})
    seat = factories.seat(own)
    assert seat.covers(frozenset({"billing_viewer"}))
    cast.aozora.grant_only_held = True
    assert seat.gives_to() == {"member_manager", "user_viewer"}
    with pytest.raises(AboveYourself, match="You need “Billing Viewer” to give it to someone"):
        seat.must_cover(frozenset({"billing_viewer", "user_viewer"}))


def test_an_integrator_marks_an_authority_administrative(cast: Cast) -> None:
    """D-1: then it is guarded like those that ship."""
    register(
        "vault_keeper",
        "Vault Keeper",
        "Opens the vault",
        group="organization",
        use=Use.CONNECTED,
        administrative=True,
    )
    try:
        assert "vault_keeper" in administrative() < everything()
        own = cast.membership(cast.smith)
        own.authorities = frozenset({"member_manager"})
        assert "vault_keeper" not in factories.seat(own).gives_to()
        with pytest.raises(AboveYourself, match="Vault Keeper"):
            factories.seat(own).must_cover(frozenset({"vault_keeper"}))
    finally:
        del CATALOGUE["vault_keeper"]
    assert "vault_keeper" not in administrative()
