"""Creating an organization: the platform administrator's alone. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import event, insert, select

from app.extensions import db
from app.models import Account, Activity, Organization
from app.organizations import codes
from app.organizations import service as organizations
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
ADD = "/organizations/add"
TYPED = {
    "code": "hikari",
    "name": "ひかり商事",
    "latin_name": "Hikari Trading",
    "language": "ja_JP",
}


def all_codes() -> set[str]:
    db.session.expire_all()
    return set(db.session.scalars(select(Organization.code)))


def test_makes_an_organization_that_can_be_opened_at_once(cast: Cast, as_: As) -> None:
    """S4-02."""
    root = as_(cast.root)
    page = root.submit(ADD, TYPED, follow_redirects=True).get_data(as_text=True)
    assert "was created." in page
    assert "/o/hikari/" in page, "it leads on to the organization"
    made = db.session.scalars(select(Organization).where(Organization.code == "hikari")).one()
    assert (made.name, made.latin_name, made.language, made.two_factor_required) == (
        "ひかり商事",
        "Hikari Trading",
        "ja_JP",
        False,
    )
    assert (str(made.password_policy), str(made.first_login)) == ("classic", "link"), (
        "the defaults of D-C4 and D-C5"
    )
    assert root.get("/o/hikari/").status_code == 200
    assert root.get("/o/hikari/invites/add").status_code == 200


def test_leaves_a_line_in_the_new_organizations_log(cast: Cast, as_: As) -> None:
    """S4-02: what the platform administrator does stands in the organization's log, as such."""
    as_(cast.root).submit(ADD, TYPED)
    [line] = db.session.scalars(select(Activity).where(Activity.event == "organization_created"))
    made = db.session.scalars(select(Organization).where(Organization.code == "hikari")).one()
    assert (line.organization_id, line.actor_id, line.subject_name, line.as_platform) == (
        made.id,
        cast.root.id,
        "ひかり商事",
        True,
    )


def test_offers_the_readers_language_first(cast: Cast, as_: As) -> None:
    cast.root.language = "ja_JP"
    assert '<option value="ja_JP" selected>' in as_(cast.root).get(ADD).get_data(as_text=True)


def test_needs_no_latin_name(cast: Cast, as_: As) -> None:
    assert (
        as_(cast.root).submit(ADD, {"code": "solo", "name": "Solo", "language": "en"}).status_code
        == 302
    )
    assert "solo" in all_codes()


@pytest.mark.parametrize("code", ["ab", "a1", "aozora-inc", "a" * 32, "x-1-y"])
def test_takes_every_well_formed_code(cast: Cast, as_: As, code: str) -> None:
    assert as_(cast.root).submit(ADD, TYPED | {"code": f" {code} "}).status_code == 302, (
        "spaces around it do not count"
    )
    assert code in all_codes()


@pytest.mark.parametrize(
    ("code", "status", "sentence"),
    [
        ("", 422, "Fill this in."),
        ("a" * 33, 422, "At most 32 characters."),
        ("a\x00b", 422, "cannot be used here"),
        ("Acme", 400, "Lower-case letters, digits and hyphens only"),
        ("acme inc", 400, "Lower-case letters, digits and hyphens only"),
        ("acme/x", 400, "Lower-case letters, digits and hyphens only"),
        ("あおぞら", 400, "Lower-case letters, digits and hyphens only"),
        ("ａｃｍｅ", 400, "Lower-case letters, digits and hyphens only"),
        ("../etc", 400, "Lower-case letters, digits and hyphens only"),
        ("a", 400, "Between 2 and 32 characters."),
        ("1acme", 400, "A code starts with a letter"),
        ("-acme", 400, "A code starts with a letter"),
        ("acme-", 400, "A code starts with a letter"),
        ("login", 400, "“login” is reserved for the portal."),
        ("admin", 400, "“admin” is reserved for the portal."),
        ("aozora", 409, "Another organization already has the code “aozora”."),
    ],
)
def test_says_at_the_code_what_is_wrong_with_it(
    cast: Cast, as_: As, code: str, status: int, sentence: str
) -> None:
    answer = as_(cast.root).submit(ADD, TYPED | {"code": code})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, sentence in page) == (status, True)
    assert 'id="code-error"' in page
    assert "ひかり商事" in page, "what was typed stays"
    assert all_codes() == {"aozora", "minato"}


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"name": ""}, "name", "Fill this in."),
        ({"name": "  "}, "name", "Fill this in."),
        ({"name": "x" * 129}, "name", "At most 128 characters."),
        ({"name": "a\nb"}, "name", "cannot be used here"),
        ({"latin_name": "x" * 129}, "latin_name", "At most 128 characters."),
        ({"latin_name": "a\x07"}, "latin_name", "cannot be used here"),
        ({"language": "xx"}, "language", "Not a valid choice"),
        ({"language": ""}, "language", "Not a valid choice"),
    ],
)
def test_says_at_the_field_what_is_wrong(
    cast: Cast, as_: As, typed: dict[str, str], field: str, sentence: str
) -> None:
    answer = as_(cast.root).submit(ADD, TYPED | typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert sentence in page
    assert all_codes() == {"aozora", "minato"}


def test_complains_in_japanese_to_readers_of_japanese(cast: Cast, as_: As) -> None:
    cast.root.language = "ja_JP"
    page = (
        as_(cast.root)
        .submit(ADD, TYPED | {"code": "login", "language": "xx"})
        .get_data(as_text=True)
    )
    assert "Not a valid choice" not in page
    page = as_(cast.root).submit(ADD, TYPED | {"code": "login"}).get_data(as_text=True)
    assert "「login」" in page


def test_says_that_the_code_is_taken_when_two_take_it_at_once(cast: Cast, now: datetime) -> None:
    """The database has the last word: somebody commits the same code between our look and our
    write.
    """

    def somebody_else(*_flushing: object) -> None:
        with db.engine.begin() as connection:
            values = {
                "language": "en",
                "latin_name": "",
                "password_policy": "classic",
                "first_login": "link",
                "two_factor_required": False,
            }
            connection.execute(
                insert(Organization).values(code="hikari", name="Faster", created_at=now, **values)
            )

    event.listen(db.session, "before_flush", somebody_else, once=True)
    with pytest.raises(organizations.CodeTaken):
        organizations.create(
            code="hikari",
            name="Twin",
            latin_name="",
            language="en",
            time_zone="UTC",
            by=None,
            now=now,
        )
    db.session.rollback()
    assert db.session.scalars(
        select(Organization.name).where(Organization.code == "hikari")
    ).all() == ["Faster"]


def test_refuses_a_nameless_one_on_every_path(cast: Cast, now: datetime) -> None:
    with pytest.raises(organizations.NameMissing):
        organizations.create(
            code="nameless",
            name="  ",
            latin_name="",
            language="en",
            time_zone="UTC",
            by=None,
            now=now,
        )
    with pytest.raises(organizations.NameUnusable):
        organizations.create(
            code="nameless",
            name="a\x00",
            latin_name="",
            language="en",
            time_zone="UTC",
            by=None,
            now=now,
        )


def test_reserves_every_word_that_an_address_begins_with(cast: Cast) -> None:
    for word in (
        "o",
        "login",
        "logout",
        "lang",
        "static",
        "organizations",
        "outbox",
        "profile",
        "setup",
    ):
        with pytest.raises((codes.CodeReserved, codes.CodeLength)):
            codes.ensure_well_formed(word)


@pytest.mark.parametrize("who", ["tanaka", "suzuki", "smith", "yamada", "newcomer"])
def test_is_the_platform_administrators_alone(cast: Cast, as_: As, who: str) -> None:
    """S4-02: not even a power user's."""
    browser = as_(getattr(cast, who))
    assert browser.get(ADD).status_code in {403, 404}
    assert browser.submit(ADD, TYPED, page="/").status_code in {403, 404}
    assert all_codes() == {"aozora", "minato"}


def test_asks_strangers_to_sign_in(cast: Cast, client: PortalClient) -> None:
    assert client.get(ADD).location.startswith("/login/")
    assert client.submit(ADD, TYPED, page="/login/").location.startswith("/login/")
    assert all_codes() == {"aozora", "minato"}
