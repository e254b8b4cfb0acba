"""Importing over the API: the page’s verdicts, the batches’ addresses. It …"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from app.accounts import service as accounts
from app.extensions import db
from app.models import Account, Batch
from tests.cast import Cast
from tests.imports.conftest import H, R, j
from tests.rest.conftest import Caller, Give, code, with_key

BAD = "x,kato@@aozora.example.jp,加藤,一,編集社\r\n"
assert with_key  # a fixture of tests/rest


def send(caller: Caller, data: bytes, **more: Any) -> Any:
    headers = more.pop("headers", None)
    said = {"content": b64encode(data).decode(), "name": "members.csv"} | more
    return caller("POST", "/imports", json=said, headers=headers)


def there(login_id: str) -> Account | None:
    db.session.expire_all()
    return accounts.find(login_id)


def test_imports_a_file(cast: Cast, with_key: Give) -> None:
    answer = send(with_key(cast.tanaka), j(H + R))
    said = answer.get_json()
    assert answer.status_code == 202
    assert answer.headers["Location"].endswith(f"/api/v1/batches/{said['id']}")
    assert (said["state"], said["counts"]) == ("finished", {"done": 1})
    assert there("hanako")


def test_names_what_is_wrong_and_does_nothing(cast: Cast, with_key: Give) -> None:
    """D-C6: all rows or none, until somebody says otherwise."""
    caller = with_key(cast.tanaka)
    said = send(caller, j(H + R + BAD)).get_json()
    assert (said["state"], said["counts"]) == ("checked", {"planned": 1, "invalid": 1})
    assert there("hanako") is None
    rows = caller("GET", f"/batches/{said['id']}/rows?state=invalid").get_json()["items"]
    assert [(row["line"], {one["column"] for one in row["problems"]}) for row in rows] == [
        (3, {"B メールアドレス", "E ロール"})
    ]
    assert caller("POST", f"/batches/{said['id']}/confirm").status_code == 422
    done = caller("POST", f"/batches/{said['id']}/confirm", json={"only_valid": True}).get_json()
    assert done["counts"]["done"] == 1 and there("hanako")


def test_only_checks_where_that_is_asked(cast: Cast, with_key: Give) -> None:
    caller = with_key(cast.tanaka)
    said = send(caller, j(H + R), check_only=True).get_json()
    assert said["state"] == "checked" and there("hanako") is None
    assert caller("POST", f"/batches/{said['id']}/confirm").get_json()["state"] == "finished"
    assert there("hanako")


def test_says_that_nothing_was_to_be_done(cast: Cast, with_key: Give) -> None:
    said = send(with_key(cast.tanaka), b"login_id,roles\r\nsmith,Viewer\r\n").get_json()
    assert (said["state"], said["total"]) == ("finished", 0)


@pytest.mark.parametrize(
    ("data", "more", "refused"),
    [
        (b"", {"content": "no base64!"}, (422, "InvalidInput")),
        (b"%PDF-1.4", {}, (422, "NotAFile")),
        (b"login_id,email,wombat\r\nh,h@example.com,x\r\n", {}, (422, "UnknownColumns")),
    ],
)
def test_refuses_what_is_no_file(
    cast: Cast, with_key: Give, data: bytes, more: dict[str, Any], refused: tuple[int, str]
) -> None:
    answer = send(with_key(cast.tanaka), data, **more)
    assert answer.status_code == refused[0] and answer.get_json()["message"]
    assert db.session.query(Batch).count() == 0


def test_leaves_out_columns_that_are_named(cast: Cast, with_key: Give) -> None:
    data = b"login_id,email,family_name,wombat\r\nh,h@aozora.example.jp,Sato,x\r\n"
    said = send(with_key(cast.tanaka), data, leave_out=["wombat"]).get_json()
    assert said["counts"] == {"done": 1}


def test_is_done_once_under_one_key(cast: Cast, with_key: Give) -> None:
    caller, header = with_key(cast.tanaka), {"Idempotency-Key": "april"}
    first, second = (send(caller, j(H + R), headers=header).get_json() for _time in range(2))
    assert first["id"] == second["id"]
    assert code(send(caller, j(H), headers=header)) == (422, "KeyUsedOtherwise")


def test_is_for_those_who_manage_members(cast: Cast, with_key: Give) -> None:
    assert send(with_key(cast.suzuki), j(H + R)).status_code == 403
    assert send(with_key(cast.tanaka, "user_viewer"), j(H + R)).status_code == 403
    assert there("hanako") is None


def test_takes_more_than_a_usual_body(cast: Cast, with_key: Give) -> None:
    """A file of 3 MB."""
    data = H + R + "".join(f"x,,,,{'z' * 90}\r\n" for _row in range(32_000))
    answer = send(with_key(cast.tanaka), j(data), check_only=True)
    assert answer.status_code == 202
