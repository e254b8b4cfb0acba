"""A name with the address of a site is refused at every door that takes names (T2-95). It …"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.access.authorities import everything
from app.extensions import db
from app.models import Account
from app.setup import service as setup
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.invites.conftest import opened
from tests.kernel.test_sites import SITE
from tests.rest.conftest import Caller, code, issued

As = Callable[[Account], PortalClient]
SENTENCE = "A name cannot contain a web address."
NAMES = {"family_name": "Kato", "given_name": SITE, "reading": "", "latin_name": ""}
KATO = NAMES | {
    "email": "kato@example.jp",
    "login_id": "kato",
    "language": "en",
    "time_zone": "UTC",
    "password": "Violet-Kettle-92",
}
OFFER = {"type": "general", "preset": "view_only"}


@pytest.mark.parametrize(
    ("who", "path", "typed"),
    [
        ("root", "/accounts/add", KATO),
        ("tanaka", "/o/aozora/members/add", KATO | OFFER),
        ("tanaka", "/profile/", NAMES | {"language": "en", "time_zone": "UTC"}),
        ("tanaka", "/o/aozora/roles/add", {"name": SITE, "description": ""}),
        ("root", "/organizations/add", {"code": "acme", "name": SITE, "language": "en"}),
    ],
    ids=["account", "member", "profile", "role", "organization"],
)
def test_is_refused_on_a_form(
    cast: Cast, as_: As, who: str, path: str, typed: dict[str, str]
) -> None:
    """T2-95"""
    cast.tanaka.language = "en"
    db.session.commit()
    answer = as_(getattr(cast, who)).submit(path, typed)
    assert answer.status_code == 400
    assert SENTENCE in answer.get_data(as_text=True)


def test_is_refused_to_those_who_sign_up(client: PortalClient, cast: Cast) -> None:
    """T2-95"""
    _invite, token = factories.invite(cast.aozora, "kato@example.jp", cast.tanaka)
    db.session.commit()
    answer = client.submit(opened(client, token), KATO)
    assert answer.status_code == 400
    assert SENTENCE in answer.get_data(as_text=True)


def test_is_refused_in_the_set_up(app: Flask, client: PortalClient) -> None:
    """T2-95"""
    link = setup.new_link().removeprefix("http://localhost")
    named = {"organization_name": SITE, "organization_code": "acme"}
    answer = client.submit(link, KATO | {"given_name": ""} | named)
    setup.forget_link()
    assert answer.status_code == 400
    assert SENTENCE in answer.get_data(as_text=True)


def test_is_refused_to_programs(cast: Cast, app: Flask) -> None:
    """T2-95"""
    _key, secret = issued(cast.membership(cast.tanaka), everything())
    caller = Caller(app, secret)
    typed = {"family_name": "Kato", "email": "kato@example.jp", "login_id": "kato"}
    answer = caller(
        "POST", "/members", json=typed | {"given_name": SITE, "authorities": ["user_viewer"]}
    )
    assert code(answer) == (400, "SiteInName") and answer.get_json()["field"] == "given_name"
    assert code(caller("POST", "/roles", json={"name": SITE}))[0] in {404, 405}, "screens only"
