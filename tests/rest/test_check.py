"""The question /check: may this member do that? It …"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from app.access.authorities import Authority
from app.extensions import db
from app.models import AuthenticatorApp
from tests import factories
from tests.cast import Cast
from tests.rest.conftest import Give, code


def test_says_no_for_whoever_the_portal_keeps_out(
    cast: Cast, with_key: Give, now: datetime
) -> None:
    """B-52: a service that asks is told what the portal itself would do."""
    db.session.add(
        AuthenticatorApp(
            account_id=cast.tanaka.id, encrypted_secret="x", created_at=now, confirmed_at=now
        )
    )
    cast.aozora.two_factor_required = cast.aozora.two_factor_strong = True
    ask = with_key(cast.tanaka)

    def asked(member: str) -> tuple[bool, str]:
        said = ask("POST", "/check", json={"member": member, "authority": "user_viewer"}).get_json()
        return said["allowed"], said["reason"]["code"]

    assert asked("suzuki") == (False, "AccessWithheld")
    assert asked("tanaka") == (True, "Held")
    cast.aozora.two_factor_required = False
    assert asked("suzuki") == (True, "Held")


class TestCheck:
    """What the portal's other services ask."""

    def ask(self, caller: Any, member: Any, **what: str) -> tuple[bool, str, list[Any]]:
        said = caller("POST", "/check", json={"member": member, **what}).get_json()
        assert said["reason"]["sentence"]
        return said["allowed"], said["reason"]["code"], said["because"]

    def test_says_yes_and_because_of_what(self, cast: Cast, with_key: Give) -> None:
        """S0-14, D-C8: all sources, as on the member's page."""
        caller = with_key(cast.tanaka)
        role = factories.role(cast.aozora, "Night shift", Authority.USER_VIEWER)
        cast.membership(cast.suzuki).roles = [role]
        told = [
            {
                "source": "role",
                "authority": "user_viewer",
                "role": {"id": role.id, "name": "Night shift"},
            },
            {"source": "single", "authority": "user_viewer"},
        ]
        for name in (cast.membership(cast.suzuki).id, "Suzuki@EXAMPLE.com", "SUZUKI"):
            assert self.ask(caller, name, authority="user_viewer") == (True, "Held", told)
        power = [{"source": "power_user", "authority": "billing_viewer"}]
        assert self.ask(caller, "tanaka", authority="billing_viewer") == (True, "Held", power)

    def test_says_no_and_why(self, cast: Cast, with_key: Give) -> None:
        """Somebody unknown, or of another organization, is a plain no."""
        caller = with_key(cast.suzuki)
        assert self.ask(caller, "smith", authority="user_viewer") == (False, "NotHeld", [])
        assert self.ask(caller, "sato", authority="user_viewer") == (
            False,
            "MembershipSuspended",
            [],
        )
        for nobody in (
            "yamada",
            "yamada@minato.example",
            cast.membership(cast.yamada).id,
            "nobody",
            2**31 - 1,
            "newcomer",
        ):
            assert self.ask(caller, nobody, authority="user_viewer") == (False, "NoSuchMember", [])

    def test_asks_the_table_of_grants(self, cast: Cast, with_key: Give) -> None:
        caller = with_key(cast.tanaka)
        assert self.ask(caller, "suzuki", permission="read", view="Member")[:2] == (True, "Held")
        assert self.ask(caller, "suzuki", permission="manage", view="Member") == (
            False,
            "NotHeld",
            [],
        )
        assert self.ask(caller, "smith", permission="read", view="Home") == (True, "Held", [])
        assert code(
            caller("POST", "/check", json={"member": 1, "permission": "fly", "view": "Member"})
        ) == (422, "InvalidInput")

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"member": 1},
            {"authority": "user_viewer"},
            {"member": 1, "authority": "x"},
            {"member": True, "authority": "user_viewer"},
            {"member": 1.5, "authority": "user_viewer"},
            {"member": [], "authority": "user_viewer"},
            {"member": "", "authority": "user_viewer"},
            {"member": 1, "permission": "read"},
            {"member": 1, "authority": "user_viewer", "permission": "read", "view": "Member"},
            {"member": 2**40, "authority": "user_viewer"},
            {"member": "a\0", "authority": "user_viewer"},
        ],
    )
    def test_refuses_other_questions(self, cast: Cast, with_key: Give, body: Any) -> None:
        assert code(with_key(cast.tanaka)("POST", "/check", json=body)) == (422, "InvalidInput")
