"""Batches over the API: beginning one for many members, how far it is, undo. It …"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from app.access.authorities import Authority, everything
from app.batches import worker
from app.extensions import db
from app.models import Batch, Membership
from tests import cast as people
from tests import factories
from tests.batches.kinds import people as more_people
from tests.cast import Cast
from tests.rest.conftest import Caller, Give, code, issued


def bulk(caller: Caller, verb: str, **more: Any) -> Any:
    headers = more.pop("headers", None)
    return caller("POST", "/members/bulk", json={"verb": verb} | more, headers=headers)


def ids(cast: Cast, *who: Any) -> list[int]:
    return [cast.membership(one).id for one in who]


def is_suspended(member_id: int) -> bool:
    db.session.expire_all()
    return db.session.get_one(Membership, member_id).is_suspended


def test_suspends_many_and_names_whom_not(cast: Cast, with_key: Give) -> None:
    """S4-16: the same sentences as on the page that asks."""
    caller, [smith, sato, tanaka] = (
        with_key(cast.tanaka),
        ids(cast, cast.smith, cast.sato, cast.tanaka),
    )
    answer = bulk(caller, "suspend", ids=[smith, sato, tanaka, 9999], arguments={"reason": "Leave"})
    said = answer.get_json()
    assert answer.status_code == 202
    assert answer.headers["Location"].endswith(f"/api/v1/batches/{said['id']}")
    assert said["state"] == "finished" and said["total"] == 4
    assert said["counts"] == {"done": 1, "refused": 2, "invalid": 1}
    assert is_suspended(smith) and not is_suspended(tanaka)
    query = "?state=refused&state=invalid&page_size=2"
    rows = caller("GET", f"/batches/{said['id']}/rows{query}").get_json()
    assert rows["total"] == 3 and rows["next"] and len(rows["items"]) == 2
    rows["items"] += caller("GET", f"/batches/{said['id']}/rows{query}&page=2").get_json()["items"]
    refused = {one["id"]: one["problems"][0] for one in rows["items"]}
    assert refused[sato]["code"] == "AlreadySuspended" and refused[sato]["message"]
    assert refused[tanaka]["code"] == "Yourself" and refused[9999]["code"] == "NotFound"


def test_checks_only_and_waits_for_a_word(cast: Cast, with_key: Give) -> None:
    caller, [smith, sato] = with_key(cast.tanaka), ids(cast, cast.smith, cast.sato)
    said = bulk(caller, "suspend", ids=[smith, sato], check_only=True).get_json()
    assert said["state"] == "checked" and said["counts"] == {"planned": 1, "invalid": 1}
    assert not is_suspended(smith)
    confirmed = caller("POST", f"/batches/{said['id']}/confirm")
    assert confirmed.status_code == 202 and confirmed.get_json()["state"] == "finished"
    assert is_suspended(smith)
    assert code(caller("POST", f"/batches/{said['id']}/confirm")) == (409, "NotAskable")


def test_checks_many_by_the_worker_and_takes_all_that_a_filter_finds(
    cast: Cast, with_key: Give
) -> None:
    more_people(cast.aozora, 60)
    caller = with_key(cast.tanaka)
    whom = {"q": "p00", "status": ["never"]}
    said = bulk(caller, "suspend", filter=whom, check_only=True).get_json()
    assert said["state"] == "checking" and said["total"] == 60
    worker.work(datetime.now(UTC))
    checked = caller("GET", f"/batches/{said['id']}").get_json()
    assert checked["state"] == "checked" and checked["counts"] == {"planned": 60}
    assert caller("POST", f"/batches/{said['id']}/confirm").get_json()["state"] == "queued"
    worker.work(datetime.now(UTC))
    done = caller("GET", f"/batches/{said['id']}").get_json()
    assert done["state"] == "finished" and done["counts"] == {"done": 60} and done["can_undo"]
    undoing = caller("POST", f"/batches/{said['id']}/undo")
    assert undoing.status_code == 202 and undoing.get_json()["undo_of"] == said["id"]
    worker.work(datetime.now(UTC))
    assert (
        not db.session.query(Membership)
        .filter_by(suspended_reason="")
        .filter(Membership.suspended_at.is_not(None), Membership.id > 10)
        .all()
    )
    assert code(caller("POST", f"/batches/{said['id']}/undo")) == (409, "NotUndoable")


def test_does_once_what_is_sent_twice(cast: Cast, with_key: Give) -> None:
    caller, [smith] = with_key(cast.tanaka), ids(cast, cast.smith)
    once = {"Idempotency-Key": "job-17"}
    first = bulk(caller, "suspend", ids=[smith], headers=once)
    again = bulk(caller, "suspend", ids=[smith], headers=once)
    assert first.get_json()["id"] == again.get_json()["id"] and again.status_code == 202
    assert first.headers["Location"] == again.headers["Location"]
    other = bulk(caller, "reinstate", ids=[smith], headers=once)
    assert code(other) == (422, "KeyUsedOtherwise") and is_suspended(smith)
    theirs = bulk(with_key(cast.tanaka), "reinstate", ids=[smith], headers=once)
    assert theirs.get_json()["id"] != first.get_json()["id"] and not is_suspended(smith)
    for wrong in ("", "a b", "x" * 101):
        answer = bulk(caller, "suspend", ids=[smith], headers={"Idempotency-Key": wrong})
        assert answer.get_json()["fields"][0]["field"] == "Idempotency-Key"


def test_gives_a_role_and_refuses_one_of_elsewhere(cast: Cast, with_key: Give) -> None:
    role = factories.role(cast.aozora, "Night shift", Authority.BILLING_VIEWER)
    theirs = factories.role(cast.minato, "Theirs")
    db.session.commit()
    caller, [smith] = with_key(cast.tanaka), ids(cast, cast.smith)
    assert bulk(caller, "give_role", ids=[smith], arguments={"role": role.id}).status_code == 202
    assert [one.name for one in cast.membership(cast.smith).roles] == ["Night shift"]
    answer = bulk(caller, "give_role", ids=[smith], arguments={"role": theirs.id})
    assert answer.status_code == 422
    assert answer.get_json()["fields"][0]["field"] == "arguments.role"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"verb": "suspend"}, "ids"),
        ({"verb": "suspend", "ids": [1], "filter": {}}, "ids"),
        ({"verb": "suspend", "filter": {"rolle": 1}}, "filter.rolle"),
        ({"verb": "suspend", "ids": [1], "arguments": {"role": 1}}, "arguments.role"),
        ({"verb": "give_role", "ids": [1]}, "arguments.role"),
        ({"verb": "explode", "ids": [1]}, "verb"),
    ],
)
def test_refuses_what_cannot_be_meant(
    cast: Cast, with_key: Give, more: dict[str, Any], field: str
) -> None:
    answer = with_key(cast.tanaka)("POST", "/members/bulk", json=more)
    assert answer.status_code == 422
    assert field in [one["field"] for one in answer.get_json()["fields"]]
    assert db.session.query(Batch).count() == 0


def test_exists_for_whoever_may_do_it_and_for_nobody_else(cast: Cast, with_key: Give) -> None:
    caller, [smith] = with_key(cast.tanaka), ids(cast, cast.smith)
    pk = bulk(caller, "suspend", ids=[smith]).get_json()["id"]
    assert [one["id"] for one in caller("GET", "/batches").get_json()["items"]] == [pk]
    reader = with_key(cast.suzuki)
    assert reader("GET", "/batches").get_json()["items"] == []
    assert code(bulk(reader, "suspend", ids=[smith])) == (403, "Forbidden")
    for other in (reader, with_key(cast.yamada), with_key(cast.tanaka, Authority.USER_VIEWER)):
        for method, path in [("GET", ""), ("GET", "/rows"), ("POST", "/cancel"), ("POST", "/undo")]:
            assert code(other(method, f"/batches/{pk}{path}")) == (404, "NotFound"), path
    theirs = bulk(with_key(cast.yamada), "remove", ids=[smith])
    assert theirs.status_code == 202 and theirs.get_json()["counts"] == {"invalid": 1}


def test_stops_what_waits_and_what_a_suspended_author_began(cast: Cast, with_key: Give) -> None:
    more_people(cast.aozora, 60)
    manager = factories.membership(
        factories.account("manager"), cast.aozora, authorities=[Authority.MEMBER_MANAGER]
    )
    db.session.commit()
    caller = with_key(cast.tanaka)
    first = bulk(caller, "suspend", filter={"q": "p00"}).get_json()["id"]
    stopped = caller("POST", f"/batches/{first}/cancel").get_json()
    assert stopped["state"] == "cancelled" and stopped["trouble"]["code"] == "asked"
    assert code(caller("POST", f"/batches/{first}/cancel")) == (409, "NotAskable")
    theirs = bulk(with_key(manager.account), "suspend", filter={"q": "p00"}).get_json()["id"]
    bulk(caller, "suspend", ids=[manager.id])
    worker.work(datetime.now(UTC))
    left = caller("GET", f"/batches/{theirs}").get_json()
    assert left["state"] == "cancelled" and left["trouble"]["sentence"]
    assert "done" not in left["counts"]


def test_runs_the_same_on_both_databases(each_app: Flask) -> None:
    cast = people.assemble()
    key, secret = issued(cast.membership(cast.tanaka), everything())
    caller = Caller(each_app, secret, key)
    said = bulk(caller, "remove", ids=ids(cast, cast.smith), headers={"Idempotency-Key": "x"})
    assert said.get_json()["counts"] == {"done": 1}
