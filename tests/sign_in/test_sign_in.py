"""Signing in with a password. It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from werkzeug.security import generate_password_hash

from app.access.authorities import Authority
from app.extensions import db
from app.models import AccountSession, Activity, Letter
from app.passwords.hashing import is_outdated, verify_password
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.portal_client import TOKEN
from tests.sign_in.conftest import Enter, Fresh

Letters = Callable[..., list[Letter]]
AGAIN = "Type the password again."
WRONG = "Incorrect login ID, email or password."


def words(text: str) -> str:
    """A page's words, without what differs from page to page."""
    return re.sub(r"\s+", " ", re.sub(r'value="[^"]*"|csrf-token" content="[^"]*"', "", text))


@pytest.mark.parametrize(
    "who",
    [
        "tanaka",
        "TANAKA",
        " tanaka ",
        "ｔａｎａｋａ",
        "tanaka@aozora.example",
        "Tanaka@AOZORA.example",
    ],
)
def test_takes_login_id_or_address_however_it_is_written(
    cast: Cast, browser: Fresh, enter: Enter, who: str
) -> None:
    """S2-14, S2-30"""
    here = browser()
    assert enter(who, here=here).location == "/"
    assert here.get("/").location == "/o/aozora/"
    assert here.get("/o/aozora/").status_code == 200


@pytest.mark.parametrize(
    ("who", "password"),
    [
        ("tanaka", "wrong"),
        ("nobody", factories.PASSWORD),
        ("nobody@example.com", "wrong"),
        ("kurz", "wrong"),
        ("sato", "wrong"),
        ("tanaka", factories.PASSWORD + " "),
        ("tanaka", factories.PASSWORD.lower()),
        ("unset", "x"),
        ("' OR 1=1 --", "x"),
        ("%", "x"),
        ("田中", "x"),
    ],
)
def test_answers_alike_to_everybody_who_is_wrong(
    cast: Cast, enter: Enter, now: datetime, who: str, password: str
) -> None:
    """Unknown, wrong and suspended are told apart by nothing."""
    factories.account("kurz", suspended_at=now)
    factories.account("unset", password_hash=None)
    known, answer = enter("smith", "wrong"), enter(who, password)
    assert answer.status_code == known.status_code == 401
    assert WRONG in answer.get_data(as_text=True)
    assert words(answer.get_data(as_text=True)) == words(known.get_data(as_text=True))
    assert {name for name, _value in answer.headers} == {name for name, _value in known.headers}
    assert db.session.scalars(select(AccountSession)).all() == []


def test_tells_the_suspended_why_after_the_right_password_only(
    cast: Cast, browser: Fresh, enter: Enter, now: datetime
) -> None:
    """D-3"""
    factories.account("kurz", suspended_at=now)
    here = browser()
    answer = enter("kurz", here=here)
    assert answer.status_code == 403
    assert "Your account is suspended" in answer.get_data(as_text=True)
    answer = enter("sato", here=here)
    assert answer.status_code == 403
    page = answer.get_data(as_text=True)
    assert "Your access is suspended. Ask the administrators of" in page
    assert AGAIN not in page, "it was right, and would change nothing"
    assert AGAIN in enter("sato", "wrong", here=here).get_data(as_text=True)
    assert here.get("/invites/").status_code == 302
    assert db.session.scalars(select(AccountSession)).all() == []


def test_lets_somebody_in_who_is_suspended_in_one_of_two_organizations(
    cast: Cast, browser: Fresh, enter: Enter
) -> None:
    """D-3"""
    factories.membership(cast.sato, cast.minato, authorities=[Authority.USER_VIEWER])
    here = browser()
    assert enter("sato", here=here).location == "/"
    assert here.get("/").location == "/o/minato/"
    assert here.get("/o/aozora/").status_code == 403


@pytest.mark.parametrize("who", ["newcomer", "root"])
def test_lets_in_who_belongs_nowhere(cast: Cast, browser: Fresh, enter: Enter, who: str) -> None:
    """S0-08"""
    here = browser()
    assert enter(who, here=here).location == "/"
    assert here.get("/invites/").status_code == 200


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"login_id": "", "password": "x"}, "Enter your login ID or e-mail address."),
        ({"login_id": "tanaka", "password": ""}, "Enter your password."),
        ({"login_id": "tanaka\x00", "password": "x"}, "contains a character that cannot be used"),
        ({"login_id": "x" * 300, "password": "x"}, "At most 254"),
        ({"login_id": "tanaka", "password": "x" * 1001}, "At most 1000"),
    ],
)
def test_says_at_its_field_what_is_missing(
    cast: Cast, client: PortalClient, given: dict[str, str], sentence: str
) -> None:
    answer = client.submit("/login/", given)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)


def test_keeps_the_name_but_never_the_password_in_the_page(cast: Cast, enter: Enter) -> None:
    page = enter("tanaka", "my-wrong-password").get_data(as_text=True)
    assert 'value="tanaka"' in page
    assert "my-wrong-password" not in page


def test_can_be_tried_again_on_the_page_that_refused(
    cast: Cast, browser: Fresh, enter: Enter
) -> None:
    here = browser()
    token = TOKEN.search(enter("smith", "wrong", here=here).get_data(as_text=True))
    assert token
    assert (
        here.post(
            "/login/",
            data={"login_id": "smith", "password": factories.PASSWORD, "csrf_token": token[1]},
        ).location
        == "/"
    )


def test_makes_older_hashes_anew(cast: Cast, enter: Enter) -> None:
    """argon2id at OWASP's parameters, from the next sign-in on."""
    for older in (
        PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("an old password"),
        generate_password_hash("an old password"),
    ):
        cast.smith.password_hash = older
        assert enter("smith", "wrong").status_code == 401
        db.session.expire_all()
        assert cast.smith.password_hash == older
        assert enter("smith", "an old password").location == "/"
        db.session.expire_all()
        assert not is_outdated(cast.smith.password_hash)
        assert verify_password(cast.smith.password_hash, "an old password")


def test_leaves_a_line_in_the_log_of_each_organization(cast: Cast, enter: Enter) -> None:
    factories.membership(cast.smith, cast.minato)
    enter("smith"), enter("smith", "wrong"), enter("nobody")
    rows = db.session.execute(
        select(Activity.event, Activity.organization_id).order_by(Activity.id)
    ).all()
    both = [cast.aozora.id, cast.minato.id]
    assert rows == [
        *(("signed_in", one) for one in both),
        *(("sign_in_failed", one) for one in both),
        ("sign_in_failed", None),
    ]


def test_tells_of_a_sign_in_in_a_new_browser_by_letter(
    cast: Cast, browser: Fresh, enter: Enter, letters: Letters
) -> None:
    """B-56"""
    here = browser()
    enter("smith", here=here)
    assert letters() == [], "the very first sign-in is no news"
    enter("smith", here=here)
    assert letters() == [], "nor is one in the same browser"
    enter("smith")
    (letter,) = letters("new_sign_in")
    assert letter.recipient == "smith@example.com"
    assert "Network address: 127.0.0.1" in letter.text
    cast.smith.notifications = False
    enter("smith")
    assert len(letters("new_sign_in")) == 1


def test_speaks_the_reader_s_language(cast: Cast, browser: Fresh) -> None:
    here = browser()
    page = here.get("/login/", headers={"Accept-Language": "ja"}).get_data(as_text=True)
    assert "サインイン" in page
    here.submit("/lang/ja_JP", {"next": "/login/"}, page="/login/")
    answer = here.submit("/login/", {"login_id": "tanaka", "password": "wrong"})
    assert "パスワード" in answer.get_data(as_text=True)
    assert WRONG not in answer.get_data(as_text=True)
