"""How the API says no: to bodies that are none, unknown fields, other languages; always as JSON.

Here: bodies and the answer's shape. Not here: who is let in (test_gate.py).
"""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from app.extensions import db
from tests.cast import Cast
from tests.rest.conftest import Give, code


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"reason": "On leave"}},
        {"data": "reason=", "content_type": "text/plain"},
        {
            "data": {"reason": (io.BytesIO(b"On leave"), "reason.txt")},
        },
    ],
)
def test_takes_no_form_for_an_empty_body(cast: Cast, with_key: Give, sent: dict[str, Any]) -> None:
    """ASVS 4.1.1, 1.5.3: where a body may be left out, one of another kind is refused, and nothing
    happens.
    """
    pk = cast.membership(cast.smith).id
    answer = with_key(cast.tanaka)("POST", f"/members/{pk}/suspend", **sent)
    assert (answer.status_code, answer.get_json()["error"]) == (415, "NotJson")
    db.session.expire_all()
    assert not cast.membership(cast.smith).is_suspended


def test_says_every_no_as_json(cast: Cast, with_key: Give) -> None:
    """ASVS 16.5.1: a name, a sentence and the request's name; never a page, never an exception's
    text.
    """
    caller = with_key(cast.tanaka)
    answers = {
        404: caller("GET", "/nothing"),
        405: caller("PUT", "/members"),
        413: caller(
            "POST", "/check", data=b"x" * (2 * 1024 * 1024 + 1), content_type="application/json"
        ),
        415: caller("POST", "/check", data="{}", content_type="text/plain"),
        400: caller("POST", "/check", data="{", content_type="application/json"),
        422: caller("POST", "/check", json={}),
    }
    for status, answer in answers.items():
        said = answer.get_json()
        assert answer.status_code == status and answer.mimetype == "application/problem+json", said
        assert (
            said["error"]
            and said["message"]
            and said["request_id"] == answer.headers["X-Request-Id"]
        )
        assert answer.headers["Cache-Control"] == "no-store"
    assert set(answers[405].headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"1",
        b"null",
        b'"x"',
        b'{"member": 1, "member": 2}',
        b'{"member": NaN}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"member": 1' + b"0" * 5000 + b"}",
        b"{} {}",
    ],
)
def test_refuses_what_is_no_json_object(cast: Cast, with_key: Give, body: bytes) -> None:
    """ASVS 1.5.3, 4.1.5: one object, each name once, in UTF-8."""
    answer = with_key(cast.tanaka)("POST", "/check", data=body, content_type="application/json")
    assert code(answer) == (400, "MalformedJson")


def test_refuses_unknown_fields_and_other_types(cast: Cast, with_key: Give) -> None:
    """ASVS 2.2.1, 15.3.3: nothing is bound that was not named; every field that is wrong
    is told."""
    body = {
        "family_name": 1,
        "given_name": None,
        "email": ["x"],
        "login_id": "a\0b",
        "is_admin": True,
        "notifications": "yes",
        "roles": ["1", True, 1.5],
        "authorities": ["nothing", "\ud800"],
        "language": "tlh",
        "password": {},
    }
    answer = with_key(cast.tanaka)(
        "POST", "/members", data=json.dumps(body), content_type="application/json"
    )
    assert code(answer) == (422, "InvalidInput")
    named = {one["field"] for one in answer.get_json()["fields"]}
    assert named >= {
        "family_name",
        "given_name",
        "email",
        "login_id",
        "is_admin",
        "notifications",
        "roles.0",
        "roles.1",
        "roles.2",
        "authorities.0",
        "authorities.1",
        "language",
        "password",
    }


def test_says_it_in_the_language_asked_for(cast: Cast, with_key: Give) -> None:
    caller = with_key(cast.suzuki)
    english = caller("GET", "/members/999", headers={"Accept-Language": "en"}).get_json()
    japanese = caller("GET", "/members/999", headers={"Accept-Language": "ja"}).get_json()
    assert english["error"] == japanese["error"] == "NotFound"
    assert english["message"].isascii() and not japanese["message"].isascii()
