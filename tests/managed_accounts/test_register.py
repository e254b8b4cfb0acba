"""Registering a member of the organization's own: account, membership and first letter, or nothing.
It …
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Account, FirstLogin, InviteStatus, MemberRole, MemberType
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import (
    BASE,
    As,
    Letters,
    events,
    fingerprint,
    is_member,
    of,
    offered,
    summary_leads_to,
    text,
)

ADD = f"{BASE}/add"
KEN = {
    "family_name": "高橋",
    "given_name": "健",
    "reading": "たかはし けん",
    "latin_name": "Ken Takahashi",
    "email": "Ken@aozora.example",
    "login_id": "ken.takahashi",
    "language": "ja_JP",
    "notifications": "y",
}
PASSWORD = "Violet-Kettle-9"


def ken() -> Account:
    return db.session.scalars(select(Account).where(Account.login_id_key == "ken.takahashi")).one()


def test_makes_an_account_and_a_membership(
    tanaka: PortalClient, cast: Cast, desk: MemberRole
) -> None:
    """S2-11, S2-09, D-C8: name, e-mail, login ID, role, language, notifications."""
    answer = tanaka.submit(ADD, KEN | offered(roles=[str(desk.id)], authorities=["billing_viewer"]))
    account, membership = ken(), of(ken())
    assert membership
    assert answer.location == f"{BASE}/show/{membership.id}"
    assert (account.family_name, account.given_name, account.reading, account.latin_name) == (
        "高橋",
        "健",
        "たかはし けん",
        "Ken Takahashi",
    )
    assert (account.email, account.language, account.notifications) == (
        "Ken@aozora.example",
        "ja_JP",
        True,
    )
    assert (membership.type, membership.roles, membership.authorities) == (
        MemberType.GENERAL,
        [desk],
        {"billing_viewer"},
    )
    assert account.managed_by_id == cast.aozora.id
    assert [(line.event, line.actor_id) for line in events()] == [
        ("account_registered", cast.tanaka.id),
        ("member_added", cast.tanaka.id),
    ]


def test_is_offered_at_the_top_right_of_the_list(tanaka: PortalClient) -> None:
    """S2-09."""
    head = text(tanaka, "/list/").split('<div class="head')[1].split('class="toolbar"')[0]
    assert f'href="{ADD}"' in head


def test_sends_the_first_letter_by_itself_in_the_member_s_language(
    tanaka: PortalClient, letters: Letters
) -> None:
    """S2-12, D-C4 link."""
    tanaka.submit(ADD, KEN | offered())
    [letter] = letters()
    assert (letter.kind, letter.recipient, letter.language) == (
        "first_sign_in_link",
        "Ken@aozora.example",
        "ja_JP",
    )
    assert "ken.takahashi" in letter.text
    assert "/password/set/" in letter.text
    assert not ken().password_hash


def test_mails_the_password_where_the_organization_wants_that(
    tanaka: PortalClient, cast: Cast, letters: Letters
) -> None:
    """S2-11, S2-13, D-C4 password: it is typed here, and must be changed at first sign-in."""
    cast.aozora.first_login = FirstLogin.PASSWORD
    answer = tanaka.submit(ADD, KEN | offered(password=PASSWORD))
    assert answer.status_code == 302
    [letter] = letters("first_sign_in_password")
    assert PASSWORD in letter.text
    assert ken().must_change_password


def test_asks_for_no_password_where_a_link_is_sent(tanaka: PortalClient, letters: Letters) -> None:
    """D-C4 link: a password that is posted all the same is nobody's."""
    assert 'name="password"' not in text(tanaka, "/add")
    tanaka.submit(ADD, KEN | offered(password=PASSWORD))
    assert not ken().password_hash
    assert PASSWORD not in letters()[0].text


def test_keeps_the_wish_for_no_notifications(tanaka: PortalClient) -> None:
    """S2-32."""
    tanaka.submit(
        ADD, {name: value for name, value in KEN.items() if name != "notifications"} | offered()
    )
    assert ken().notifications is False


def test_registers_a_power_user_without_single_authorities(tanaka: PortalClient) -> None:
    """S0-12, S0-14."""
    tanaka.submit(ADD, KEN | offered(type="power", preset="all"))
    membership = of(ken())
    assert membership
    assert (membership.type, membership.authorities) == (MemberType.POWER, frozenset())


def test_registers_a_general_user_with_nothing(tanaka: PortalClient) -> None:
    """S0-13."""
    tanaka.submit(ADD, KEN | offered())
    membership = of(ken())
    assert membership
    assert (membership.roles, membership.authorities) == ([], frozenset())


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"family_name": ""}, "Enter a family name."),
        ({"family_name": "名" * 65}, "At most 64 characters."),
        ({"family_name": "Taka\x00hashi"}, "cannot be used here"),
        ({"email": ""}, "Enter an email address."),
        ({"email": "ken"}, "That is not an email address"),
        ({"email": "ken@aozora.example\r\nBcc: x@example.com"}, "cannot be used here"),
        ({"login_id": ""}, "Enter a login ID."),
        ({"login_id": "ken@home"}, "cannot contain @"),
        ({"login_id": "ケン"}, "letters a–z"),
        ({"login_id": "x" * 65}, "At most 64 characters."),
        ({"language": "xx"}, "Not a valid choice"),
        ({"type": "boss"}, "Choose one of the two types."),
        ({"type": ""}, "Choose one of the two types."),
        ({"preset": "most"}, "Choose a preset, or Custom."),
        ({"roles": ["99999"]}, "no longer exists"),
        ({"authorities": ["root"]}, "does not exist"),
    ],
)
def test_registers_nothing_while_something_is_wrong(
    tanaka: PortalClient, wrong: dict[str, Any], told: str
) -> None:
    """S2-19: the sentence stands at its field, what was typed stays."""
    before = fingerprint()
    answer = tanaka.submit(ADD, KEN | offered(authorities=["billing_viewer"]) | wrong)
    page = answer.get_data(as_text=True)
    assert 400 <= answer.status_code < 500
    assert told in page
    [field] = wrong
    assert summary_leads_to(field, page)
    for name in {"family_name", "given_name", "reading", "latin_name", "email", "login_id"} - set(
        wrong
    ):
        assert f'value="{KEN[name]}"' in page
    assert fingerprint() == before


def test_leaves_what_was_ticked_ticked(tanaka: PortalClient, desk: MemberRole) -> None:
    """S2-19."""
    page = tanaka.submit(
        ADD, KEN | offered(roles=[str(desk.id)], authorities=["billing_viewer"], email="ken")
    ).get_data(as_text=True)
    assert f'value="{desk.id}" id="roles-{desk.id}" checked' in page
    assert 'value="billing_viewer" id="authorities-billing_viewer" checked' in page
    assert 'value="ja_JP" selected' in page or 'selected value="ja_JP"' in page


@pytest.mark.parametrize(
    ("taken", "told"),
    [
        ({"login_id": "Yamada"}, "Another account has this login ID"),
        ({"login_id": "ＹＡＭＡＤＡ"}, "Another account has this login ID"),
        ({"email": "YAMADA@minato.example"}, "has an account already"),
        ({"email": "tanaka@aozora.example"}, "already a member of this organization"),
    ],
)
def test_registers_nobody_twice(tanaka: PortalClient, taken: dict[str, str], told: str) -> None:
    """S2-19: however it is written."""
    before = fingerprint()
    answer = tanaka.submit(ADD, KEN | offered() | taken)
    assert answer.status_code in (400, 409)
    assert told in answer.get_data(as_text=True)
    assert fingerprint() == before


def test_refuses_a_weak_password_at_its_field_and_never_shows_it_again(
    tanaka: PortalClient, cast: Cast
) -> None:
    """S2-15, S2-19."""
    cast.aozora.first_login = FirstLogin.PASSWORD
    before = fingerprint()
    answer = tanaka.submit(ADD, KEN | offered(password="Feeble-pw"))
    page = answer.get_data(as_text=True)
    assert 400 <= answer.status_code < 500
    assert 'id="password-error"' in page
    assert "Feeble-pw" not in page
    assert fingerprint() == before


def test_cancels_the_invitation_that_waited_for_the_same_address(
    tanaka: PortalClient, cast: Cast
) -> None:
    invite, _token = factories.invite(cast.aozora, "ken@aozora.example", cast.tanaka)
    tanaka.submit(ADD, KEN | offered())
    db.session.refresh(invite)
    assert invite.status is InviteStatus.CANCELLED


def test_shows_the_new_member_in_the_list_at_once(tanaka: PortalClient) -> None:
    """S2-04, S4-13."""
    tanaka.submit(ADD, KEN | offered())
    assert "高橋 健" in text(tanaka, "/list/")


def test_lets_a_co_admin_register(as_: As, co_admin: Account, cast: Cast) -> None:
    """D-C9: manage members is held by roles too."""
    assert as_(co_admin).submit(ADD, KEN | offered()).status_code == 302
    assert is_member(ken(), cast.aozora)
