"""Nonsense in every field of every kind, by form, address and program. It …"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from tests.cast import Cast
from tests.portal_client import PortalClient
from tests.rest.conftest import Caller, issued

PACKAGE = "gatherings"
HERE = "/o/aozora/gatherings"
FIELDS = (
    *("name", "about", "title-en", "page", "held_on", "begins_at", "seats", "few", "many"),
    *("cost", "size", "shape", "is_open", "tags", "attendees", "host", "deputy"),
)
DIGITS = "9" * 400
TYPED = (
    *("\x00", "\ud800", "%_\\", "x" * 20_000, "٣", "²", "1" + "0" * 400, "0." + DIGITS, "1e400"),
    *("1e-400", "NaN", "Infinity", "10000-01-01", "9999-12-31", "0001-01-01T00:00+14:00"),
    *("9999-12-31T23:59-14:00", "9223372036854775808", "2147483648", "32768", "#2147483648"),
    *(
        "#99999999999999999999",
        "#",
        "https://[::1",
        "https://a b/",
        "9999999999.99",
        "0.001",
        "SMALL",
    ),
)
SENT: tuple[Any, ...] = (
    *(None, True, -1, 1.5, 10**400, 2**63, -(2**63) - 1, 2**31, 2**15, [], {}, [None], [[1]]),
    *([10**400], [-1, 0], [True], [1.5], [2**63], {"id": 1}, {"en": 5}, {"en": None}),
    *({"en": "\x00"}, {"xx": "y"}, {"en": "y" * 61}, {"en": "\ud800"}, {"": ""}),
)


@pytest.fixture
def program(app: Flask, cast: Cast) -> Caller:
    key, secret = issued(
        cast.membership(cast.tanaka), {"gatherings_viewer", "gatherings_editor", "user_viewer"}
    )
    return Caller(app, secret, key)


def rows(package: ModuleType) -> list[Any]:
    return [*db.session.scalars(select(package.Gathering))]


@pytest.mark.parametrize("field", FIELDS)
def test_refuses_or_keeps_what_is_typed(
    tanaka: PortalClient, package: ModuleType, field: str
) -> None:
    token = tanaka.token(f"{HERE}/add")
    for text in TYPED:
        form = {"csrf_token": token, "name": "A", field: text.encode("utf-8", "surrogatepass")}
        answer = tanaka.post(f"{HERE}/add", data=form)
        assert answer.status_code in (302, 400, 422), (text, answer.status_code)
    for row in rows(package):
        assert tanaka.get(f"{HERE}/show/{row.id}").status_code == 200
        assert tanaka.get(f"{HERE}/edit/{row.id}").status_code == 200
    assert tanaka.get(f"{HERE}/list/?page_size=100").status_code == 200
    assert tanaka.get(f"{HERE}/export?format=json").status_code == 200
    assert tanaka.get("/o/aozora/activity/list/?page_size=100").status_code == 200


@pytest.mark.parametrize("field", [one.removesuffix("-en") for one in FIELDS])
def test_refuses_or_keeps_what_is_sent(
    program: Caller, package: ModuleType, field: str, tanaka: PortalClient
) -> None:
    for value in (*SENT, *TYPED):
        answer = program("POST", "/gatherings", json={"name": "A"} | {field: value})
        assert answer.status_code in (201, 400, 422), (value, answer.get_data(as_text=True))
    last = db.session.scalar(select(func.max(package.Gathering.id)))
    assert program("GET", "/gatherings?page_size=100").status_code == 200
    for row in rows(package):
        told = program("GET", f"/gatherings/{row.id}").get_json()
        assert tanaka.get(f"{HERE}/edit/{row.id}").status_code == 200, told
    if last is not None:
        for value in SENT[:9]:
            answer = program("PATCH", f"/gatherings/{last}", json={field: value})
            assert answer.status_code in (200, 400, 422), (value, answer.get_data(as_text=True))


def test_finds_nothing_for_nonsense_in_an_address(
    tanaka: PortalClient, program: Caller, package: ModuleType, cast: Cast
) -> None:
    db.session.add(package.Gathering(name="A", organization_id=cast.aozora.id))
    fields = ("q", "sort", "page", *(one.removesuffix("-en") for one in FIELDS))
    for text in TYPED:
        words = text[:500].encode("utf-8", "surrogatepass")
        for path in ("list/", "add", "export"):
            answer = tanaka.get(f"{HERE}/{path}", query_string=dict.fromkeys(fields, words))
            assert answer.status_code in (200, 400, 404), (path, text, answer.status_code)
        for field in fields:
            answer = program("GET", "/gatherings", query_string={field: words})
            assert answer.status_code in (200, 400, 422), (text, answer.get_data(as_text=True))
        for name in ("host", "tags"):
            answer = tanaka.get(f"{HERE}/pick/{name}", query_string={"q": words})
            assert answer.status_code in (200, 400)
