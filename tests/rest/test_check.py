"""The question /check under an organization's 2-step rule. It …"""
from __future__ import annotations

from datetime import datetime

from app.extensions import db
from app.models import AuthenticatorApp
from tests.cast import Cast
from tests.rest.conftest import Give


def test_says_no_for_whoever_the_portal_keeps_out(cast: Cast, with_key: Give, now: datetime) -> None:
    """B-52: a service that asks is told what the portal itself would do."""
    db.session.add(AuthenticatorApp(account_id=cast.tanaka.id, sealed_secret="x", created_at=now, confirmed_at=now))
    cast.aozora.two_factor_required = cast.aozora.two_factor_strong = True
    ask = with_key(cast.tanaka)

    def asked(member: str) -> tuple[bool, str]:
        said = ask("POST", "/check", json={"member": member, "authority": "user_viewer"}).get_json()
        return said["allowed"], said["reason"]["code"]

    assert asked("suzuki") == (False, "AccessWithheld")
    assert asked("tanaka") == (True, "Held")
    cast.aozora.two_factor_required = False
    assert asked("suzuki") == (True, "Held")
