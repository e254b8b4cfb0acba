"""An organization's settings, changed by its own people and by the platform administrator. It …"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Account, Activity, FirstLogin, Organization, PasswordPolicyName
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
SETTINGS = "/o/aozora/settings/"
TYPED = {
    "name": "株式会社あおぞら",
    "latin_name": "Aozora Inc.",
    "code": "aozora",
    "language": "ja_JP",
    "password_policy": "classic",
    "first_login": "link",
}


@pytest.fixture
def manager(cast: Cast) -> Account:
    """suzuki, who may change the settings and little else."""
    cast.membership(cast.suzuki).authorities = frozenset({"settings_manager"})
    cast.suzuki.language = "en"
    db.session.commit()
    return cast.suzuki


def kept(cast: Cast) -> dict[str, Any]:
    db.session.expire_all()
    return {name: getattr(cast.aozora, name) for name in (*TYPED, "two_factor_required")}


def lines() -> list[Activity]:
    return list(db.session.scalars(select(Activity).where(Activity.event == "organization_edited")))


UNTOUCHED = TYPED | {"two_factor_required": False}


def test_shows_what_is_set(cast: Cast, as_: As) -> None:
    page = " ".join(as_(cast.tanaka).get(SETTINGS).get_data(as_text=True).split())
    assert 'value="株式会社あおぞら"' in page
    assert 'value="Aozora Inc."' in page
    assert 'value="aozora"' in page
    assert '<option value="ja_JP" selected>' in page
    assert 'value="classic" aria-describedby="password_policy-classic" checked' in page
    assert 'value="link" aria-describedby="first_login-link" checked' in page


def test_says_what_each_choice_demands(cast: Cast, as_: As) -> None:
    """D-C4, D-C5."""
    page = as_(cast.tanaka).get(SETTINGS).get_data(as_text=True)
    for words in (
        "8 to 255 characters",
        "15 or more characters of any kind",
        "a link to set a password",
        "Whoever reads the mail can sign in.",
    ):
        assert words in page
    assert "3 members have not turned it on." in page


def test_changes_everything_at_once(cast: Cast, as_: As) -> None:
    """D-C4, D-C5: the two policies, the two first sign-ins, 2-step verification for every
    member."""
    typed = {
        "name": "あおぞら",
        "latin_name": "Aozora",
        "code": "aozora-inc",
        "language": "en",
        "password_policy": "length",
        "first_login": "password",
        "two_factor_required": "y",
    }
    page = as_(cast.tanaka, method="mail").submit(
        SETTINGS, typed | {"at_once": "y"}, follow_redirects=True
    )
    assert page.request.path == "/o/aozora-inc/settings/", "it goes on at the new address"
    assert "The settings were saved." in page.get_data(as_text=True)
    assert kept(cast) == typed | {
        "two_factor_required": True,
        "password_policy": PasswordPolicyName.LENGTH,
        "first_login": FirstLogin.PASSWORD,
    }


def test_moves_every_address_with_the_code(cast: Cast, as_: As) -> None:
    smith = as_(cast.smith)
    assert smith.get("/o/aozora/").status_code == 200
    as_(cast.tanaka).submit(SETTINGS, TYPED | {"code": "sora"})
    assert smith.get("/o/aozora/").status_code == 404
    assert smith.get("/o/sora/").status_code == 200
    assert smith.get("/").location == "/o/sora/"


def test_leaves_before_and_after_in_the_log(cast: Cast, as_: As) -> None:
    as_(cast.tanaka).submit(
        SETTINGS, TYPED | {"first_login": "password", "two_factor_required": "y", "at_once": "y"}
    )
    [line] = lines()
    assert line.details == {
        "changes": {"first_login": ["link", "password"], "two_factor_required": [False, True]}
    }
    assert (line.actor_id, line.organization_id, line.as_platform) == (
        cast.tanaka.id,
        cast.aozora.id,
        False,
    )


def test_says_so_when_nothing_changed(cast: Cast, as_: As) -> None:
    page = as_(cast.tanaka).submit(SETTINGS, TYPED, follow_redirects=True).get_data(as_text=True)
    assert "Nothing was changed." in page
    assert lines() == []


def test_is_open_to_whoever_holds_the_authority(cast: Cast, manager: Account, as_: As) -> None:
    """S0-13, S3-01: a general user with Settings Manager, such as the role Admin has it."""
    assert as_(manager).get(SETTINGS).status_code == 200
    assert as_(manager).submit(SETTINGS, TYPED | {"name": "New"}).status_code == 302
    assert kept(cast)["name"] == "New"


@pytest.mark.parametrize("path", [SETTINGS, "/organizations/edit/{id}"])
def test_is_open_to_the_platform_administrator_and_logged_in_the_organization(
    cast: Cast, as_: As, path: str
) -> None:
    """S4-02: from inside and from the list of organizations alike."""
    answer = as_(cast.root).submit(path.format(id=cast.aozora.id), TYPED | {"name": "New"})
    assert answer.status_code == 302
    [line] = lines()
    assert (line.actor_id, line.organization_id, line.as_platform) == (
        cast.root.id,
        cast.aozora.id,
        True,
    )
    log = as_(cast.tanaka).get("/o/aozora/activity/list/").get_data(as_text=True)
    assert "Rita Root" in log
    assert "as platform administrator" in log


@pytest.mark.parametrize(
    ("typed", "status", "field", "sentence"),
    [
        ({"name": ""}, 422, "name", "Fill this in."),
        ({"name": "x" * 129}, 422, "name", "At most 128 characters."),
        ({"latin_name": "a\x00"}, 422, "latin_name", "cannot be used here"),
        ({"code": ""}, 422, "code", "Fill this in."),
        ({"code": "Aozora!"}, 400, "code", "Lower-case letters"),
        ({"code": "x"}, 400, "code", "Between 2 and 32 characters."),
        ({"code": "portal"}, 400, "code", "is reserved"),
        ({"code": "minato"}, 409, "code", "Another organization already has the code “minato”."),
        ({"language": "tlh"}, 422, "language", "Not a valid choice"),
        ({"password_policy": "none"}, 422, "password_policy", "Not a valid choice"),
        ({"first_login": ""}, 422, "first_login", "Not a valid choice"),
    ],
)
def test_says_at_the_field_what_is_wrong(
    cast: Cast, as_: As, typed: dict[str, str], status: int, field: str, sentence: str
) -> None:
    for who, path in (
        (cast.tanaka, SETTINGS),
        (cast.root, f"/organizations/edit/{cast.aozora.id}"),
    ):
        answer = as_(who).submit(path, TYPED | {"latin_name": "Typed and kept"} | typed)
        page = answer.get_data(as_text=True)
        assert (answer.status_code, sentence in page) == (status, True)
        assert f'id="{field}-error"' in page
        assert "Typed and kept" in page or "latin_name" in typed
        assert kept(cast) == UNTOUCHED


@pytest.mark.parametrize(
    "missing", ["name", "latin_name", "code", "language", "password_policy", "first_login"]
)
def test_survives_a_form_that_leaves_something_out(cast: Cast, as_: As, missing: str) -> None:
    answer = as_(cast.tanaka).submit(
        SETTINGS, {key: value for key, value in TYPED.items() if key != missing}
    )
    assert answer.status_code == (302 if missing == "latin_name" else 422)


def test_keeps_the_address_when_a_new_code_is_refused(cast: Cast, as_: As) -> None:
    page = as_(cast.tanaka).submit(SETTINGS, TYPED | {"code": "minato"}).get_data(as_text=True)
    assert "/o/minato/" not in page
    assert "/o/aozora/members/list/" in page


def test_is_refused_to_members_without_the_authority(cast: Cast, as_: As) -> None:
    for who in (cast.suzuki, cast.smith):
        browser = as_(who)
        assert browser.get(SETTINGS).status_code == 403
        assert browser.submit(SETTINGS, TYPED | {"name": "Mine"}, page="/").status_code == 403
        assert 'href="/o/aozora/settings/"' not in browser.get("/o/aozora/").get_data(as_text=True)
    assert kept(cast) == UNTOUCHED


def test_is_not_there_for_outsiders(cast: Cast, as_: As) -> None:
    """S4-09."""
    for who in (cast.yamada, cast.newcomer):
        browser = as_(who)
        assert browser.get(SETTINGS).status_code == 404
        assert browser.submit(SETTINGS, TYPED | {"name": "Mine"}, page="/").status_code == 404
        assert browser.submit(
            f"/organizations/edit/{cast.aozora.id}", TYPED | {"name": "Mine"}, page="/"
        ).status_code in {403, 404}
    assert kept(cast) == UNTOUCHED


def test_asks_strangers_to_sign_in(cast: Cast, client: PortalClient) -> None:
    assert client.get(SETTINGS).location.startswith("/login/")
    assert client.submit(SETTINGS, TYPED | {"name": "Mine"}, page="/login/").location.startswith(
        "/login/"
    )
    assert kept(cast) == UNTOUCHED


def test_wants_the_forms_token(cast: Cast, as_: As) -> None:
    assert as_(cast.tanaka).post(SETTINGS, data=TYPED | {"name": "Mine"}).status_code == 400
    assert kept(cast) == UNTOUCHED


def test_touches_one_organization_only(cast: Cast, as_: As) -> None:
    as_(cast.tanaka).submit(SETTINGS, TYPED | {"name": "New", "password_policy": "length"})
    db.session.expire_all()
    minato = db.session.scalars(select(Organization).where(Organization.code == "minato")).one()
    assert (minato.name, minato.password_policy) == ("みなと設計事務所", PasswordPolicyName.CLASSIC)
