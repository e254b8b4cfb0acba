"""JSON that means two things, or nothing. It …"""

from __future__ import annotations

import pytest
from flask import Flask

from app.http_server.violations import PATH
from tests.conftest import PortalClient

NOTHING = [
    b"",
    b"{",
    b'{"a": 1, "a": 2}',
    b'{"b": [{"a": 1, "a": 1}]}',
    b"NaN",
    b"[Infinity]",
    b"-Infinity",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'"\\ud800"',
    b'{"a": ["\\udfff"]}',
    b"\xff\xfe",
    b'{"a": 1} {"b": 2}',
    b"{'a': 1}",
]


@pytest.mark.parametrize("text", NOTHING)
def test_is_not_read(app: Flask, text: bytes) -> None:
    """ASVS 1.5.3, 15.3.7: no reader takes the first of two values where another takes the last."""
    with pytest.raises(ValueError):
        app.json.loads(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('{"a": {"a": [1, 2.5, null, true]}}', {"a": {"a": [1, 2.5, None, True]}}),
        ("[]", []),
        (b'"\xe7\x94\xb0"', "田"),
        ('"\\u7530"', "田"),
        ('"\\ud83d\\ude00"', "😀"),
    ],
)
def test_is_read_where_it_means_one_thing(app: Flask, text: str | bytes, meant: object) -> None:
    assert app.json.loads(text) == meant


@pytest.mark.parametrize("text", NOTHING)
def test_breaks_no_request(client: PortalClient, text: bytes) -> None:
    """ASVS 1.5.2, 16.5.3."""
    assert client.post(PATH, data=text, content_type="application/json").status_code == 204
