"""Sending invitations, through the form."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.access.roles import PRESETS
from app.extensions import db
from app.models import Activity, Invite, InviteStatus, MemberType
from tests import factories
from tests.invites.conftest import ADD, given, sent


def test_it_mails_each_address_a_link_of_its_own_for_a_week(as_, cast, letters):
    """S1-11, S1-20, S1-21, S3-44"""
    answer = as_(cast.tanaka).submit(
        ADD, given("emma@example.com, 佐々木 <sasaki＠example.jp>\nemma@EXAMPLE.com")
    )
    assert answer.status_code == 302
    assert [letter.recipient for letter in letters("invite")] == [
        "emma@example.com",
        "sasaki@example.jp",
    ]
    invites = sent()
    assert [(one.expires_at - one.sent_at).days for one in invites] == [7, 7]
    assert invites[0].token_digest != invites[1].token_digest
    assert (
        "/invites/" in letters("invite")[0].text
        and invites[0].token_digest not in letters("invite")[0].text
    )


@pytest.mark.parametrize("preset", ["all", "editable", "view_only", "contractor", "accounting"])
def test_it_offers_what_the_preset_holds(as_, cast, preset):
    """S1-13, S1-14…S1-18"""
    assert as_(cast.tanaka).submit(ADD, given("emma@example.com", preset=preset)).status_code == 302
    assert sent()[0].authorities == PRESETS[preset].authorities


def test_it_offers_what_was_chosen_one_by_one_and_what_that_needs(as_, cast):
    """S1-19, S0-25"""
    as_(cast.tanaka).submit(
        ADD, given("emma@example.com", preset="custom", authorities=["aws_account_viewer"])
    )
    assert sent()[0].authorities == {"aws_account_viewer", "project_viewer"}


def test_it_offers_no_single_authorities_to_a_power_user(as_, cast):
    """S1-12, S1-13"""
    as_(cast.tanaka).submit(ADD, given("emma@example.com", type="power", preset="all"))
    assert (sent()[0].type, sent()[0].authorities) == (MemberType.POWER, frozenset())


def test_it_offers_roles(as_, cast):
    """S3-38"""
    role = factories.role(cast.aozora, "Support", "inquiry_user")
    as_(cast.tanaka).submit(ADD, given("emma@example.com", preset="custom", roles=[role.id]))
    assert [one.name for one in sent()[0].roles] == ["Support"]


def test_it_writes_in_the_chosen_language_or_in_the_accounts_own(as_, cast, letters):
    """S3-39, D-C10"""
    as_(cast.tanaka).submit(ADD, given("emma@example.com, yamada@minato.example", language="ja_JP"))
    cast.yamada.language = "en"
    assert [letter.language for letter in letters("invite")] == ["ja_JP", "en"]
    assert "への招待" in letters("invite")[0].subject


@pytest.mark.parametrize(("hide", "named"), [({}, True), ({"hide_inviter": "y"}, False)])
def test_it_names_who_invites_unless_that_is_hidden(as_, cast, letters, hide, named):
    """S3-41, S3-42"""
    as_(cast.tanaka).submit(ADD, given("emma@example.com", **hide))
    letter = letters("invite")[0]
    assert (
        cast.tanaka.email in letter.text,
        cast.tanaka.email in letter.html,
        "Tanaka" in letter.text,
    ) == (named, named, named)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Enter at least one email address."),
        (" , ;\n", "Enter at least one email address."),
        ("ken@@example.jp", "only one @ is allowed"),
        ("ken", "the @ is missing"),
        ("ken@example", "is not an email address. Write it like"),
        ("tanaka@aozora.example", "is already a member of this organization"),
        ("ＴＡＮＡＫＡ＠aozora.example", "is already a member of this organization"),
        (f"{'a' * 250}@example.com", "has more than 64 characters before the @"),
        (
            ", ".join(f"p{n}@example.com" for n in range(21)),
            "21 addresses are too many: at most 20",
        ),
    ],
)
def test_it_says_what_is_wrong_with_an_address_and_invites_nobody(as_, cast, letters, typed, told):
    """S1-11"""
    answer = as_(cast.tanaka).submit(
        ADD, given(f"emma@example.com, {typed}" if "@" in typed and "p20@" not in typed else typed)
    )
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert told in page
    assert typed.strip(" ,;\n") in page.replace("&#64;", "@")
    assert (sent(), letters()) == ([], [])


def test_it_takes_exactly_twenty(as_, cast):
    """S1-11"""
    assert (
        as_(cast.tanaka)
        .submit(ADD, given("\n".join(f"p{n}@example.com" for n in range(20))))
        .status_code
        == 302
    )
    assert len(sent()) == 20


def test_it_refuses_somebody_who_is_invited_already(as_, cast):
    as_(cast.tanaka).submit(ADD, given("emma@example.com"))
    answer = as_(cast.tanaka).submit(ADD, given("Emma@Example.com"))
    assert (answer.status_code, len(sent())) == (422, 1)
    assert "is invited already" in answer.get_data(as_text=True)


def test_it_invites_again_where_the_former_invitation_has_expired(as_, cast):
    """S1-26, D-C2"""
    browser = as_(cast.tanaka)
    old, _token = factories.invite(
        cast.aozora,
        "emma@example.com",
        cast.tanaka,
        expires_at=factories.NOW,
        preset="accounting",
        language="ja_JP",
    )
    page = browser.get(f"/o/aozora/invites/add?again={old.id}").get_data(as_text=True)
    assert "emma@example.com" in page and 'value="accounting" checked' in page
    assert browser.submit(ADD, given("emma@example.com")).status_code == 302
    assert sorted(one.status for one in sent()) == [InviteStatus.CANCELLED, InviteStatus.PENDING]


def test_it_asks_for_something_to_give(as_, cast):
    answer = as_(cast.tanaka).submit(ADD, given("emma@example.com", preset="custom"))
    assert answer.status_code == 422
    assert "Choose at least one role or authority." in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "forged",
    [
        {"type": "root"},
        {"preset": "everything"},
        {"preset": "custom", "authorities": ["fly"]},
        {"preset": "custom", "roles": ["999999"]},
        {"preset": "custom", "roles": ["x"]},
        {"language": "xx"},
        {"addresses": "emma@example.com\x00"},
    ],
)
def test_it_refuses_what_the_form_does_not_offer(as_, cast, forged):
    assert as_(cast.tanaka).submit(ADD, given("emma@example.com") | forged).status_code == 422
    assert sent() == []


def test_nobody_invites_above_themselves(as_, cast):
    """D-1"""
    manager = factories.account("manager")
    factories.membership(manager, cast.aozora, authorities=["member_manager", "user_viewer"])
    browser = as_(manager)
    for more in (
        {"type": "power"},
        {"preset": "custom", "authorities": ["role_manager"]},
    ):
        assert browser.submit(ADD, given("emma@example.com", **more)).status_code == 403
    assert sent() == []
    assert (
        browser.submit(
            ADD, given("emma@example.com", preset="custom", authorities=["billing_viewer"])
        ).status_code
        == 302
    )


@pytest.mark.parametrize(
    ("who", "status"),
    [("suzuki", 403), ("smith", 403), ("yamada", 404), ("sato", 403), ("newcomer", 404)],
)
def test_only_those_who_manage_members_may_invite(as_, cast, who, status):
    """S1-10"""
    browser = as_(getattr(cast, who))
    assert (
        browser.get(ADD).status_code,
        browser.submit(ADD, given("emma@example.com"), page="/invites/").status_code,
    ) == (status, status)
    assert sent() == []


def test_a_stranger_is_asked_to_sign_in(client, cast):
    assert "/login/" in client.get(ADD).location
    assert "/login/" in client.submit(ADD, given("emma@example.com"), page="/login/").location


def test_it_leaves_one_line_in_the_log(as_, cast):
    as_(cast.tanaka).submit(ADD, given("emma@example.com"))
    assert [
        one.event
        for one in db.session.scalars(
            select(Activity).where(Activity.organization_id == cast.aozora.id)
        )
    ] == ["invite_sent"]


def test_a_line_break_never_reaches_a_header(as_, cast, letters):
    as_(cast.tanaka).submit(ADD, given("emma@example.com\r\nBcc: victim@example.com"))
    assert [letter.recipient for letter in letters()] == ["emma@example.com", "victim@example.com"]
    assert all("\n" not in letter.subject for letter in letters())
    assert db.session.scalar(select(Invite.id).where(Invite.address.contains("\n"))) is None
