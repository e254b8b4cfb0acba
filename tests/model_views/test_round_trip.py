"""Values of every kind, from what is typed to the database, to programs and back. It …"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from types import ModuleType
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import make_transient

from app.extensions import db
from app.models import Activity
from app.screens.frame.builder import find_view
from tests.cast import Cast
from tests.portal_client import PortalClient
from tests.rest.conftest import Caller, issued

PACKAGE = "gatherings"
HERE = "/o/aozora/gatherings"

words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40)
maybe = st.none() | words
days = st.dates(date(1, 1, 2), date(9999, 12, 30))
moments = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 28)).map(
    lambda one: one.replace(second=0, microsecond=0, tzinfo=UTC)
)
FIELDS: dict[str, Any] = {
    "name": words,
    "about": maybe,
    "title": st.none() | st.dictionaries(st.sampled_from(["en", "ja_JP"]), words, min_size=1),
    "page": st.none() | st.just("https://例え.example/%20?a=b#c"),
    "held_on": st.none() | days,
    "begins_at": st.none() | moments,
    "seats": st.none() | st.integers(-(2**31), 2**31 - 1),
    "few": st.none() | st.integers(-(2**15), 2**15 - 1),
    "many": st.none() | st.integers(-(2**63), 2**63 - 1),
    "cost": st.none() | st.decimals(-(10**10) + 1, 10**10 - 1, places=2),
    "size": st.none() | st.sampled_from(["SMALL", "LARGE"]),
    "shape": st.none() | st.sampled_from(["talk", "walk"]),
    "is_open": st.booleans(),
}


def typed(values: dict[str, Any]) -> dict[str, str]:
    """The values as somebody types them."""
    form: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            form |= {f"{name}-{language}": text for language, text in value.items()}
        elif isinstance(value, bool):
            form |= {name: "y"} if value else {}
        elif isinstance(value, date):
            form[name] = value.isoformat()
        elif value is not None:
            form[name] = str(value)
    return form


def complaints(answer: Any) -> list[tuple[str, str]]:
    """What a form says at which fields."""
    pattern = r'id="([^"]+)-error">.*?</svg>([^<]*)'
    return re.findall(pattern, answer.get_data(as_text=True), re.DOTALL)


def sent(values: dict[str, Any]) -> dict[str, Any]:
    """The values as a program sends them."""
    plain = {}
    for name, value in values.items():
        is_text = isinstance(value, date | Decimal)
        plain[name] = str(value).replace(" ", "T") if is_text else value
    return plain


def same(told: dict[str, Any], values: dict[str, Any]) -> None:
    """Check that a program is told what was written."""
    for name, value in values.items():
        answer = told[name]
        if isinstance(value, datetime):
            answer = datetime.fromisoformat(answer)
        elif isinstance(value, Decimal):
            answer = Decimal(answer)
        elif isinstance(value, date):
            answer = date.fromisoformat(answer)
        elif name == "title":
            answer, value = answer or {}, value or {}
        elif isinstance(value, str) or value is None:
            answer = answer or None
        assert answer == value, (name, answer, value)


def test_gives_back_what_was_written_whichever_way(
    app: Flask, cast: Cast, tanaka: PortalClient, package: ModuleType
) -> None:
    key, secret = issued(
        cast.membership(cast.tanaka), {"gatherings_viewer", "gatherings_editor", "user_viewer"}
    )
    program, token = Caller(app, secret, key), tanaka.token(f"{HERE}/add")
    host = cast.membership(cast.smith)
    tag = package.GatheringTag(name="Tag", organization_id=cast.aozora.id)
    db.session.add(tag)
    db.session.commit()
    host_id, tag_id = host.id, tag.id

    @settings(
        phases=[Phase.generate],
        max_examples=8,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.fixed_dictionaries(FIELDS))
    def all_of_them(values: dict[str, Any]) -> None:
        related = {"host": f"#{host_id}", "tags": f"#{tag_id}", "attendees": f"#{host_id}"}
        form = {"csrf_token": token} | related | typed(values)
        answer = tanaka.post(f"{HERE}/add", data=form)
        assert answer.status_code == 302, complaints(answer)
        newest = select(package.Gathering.id).order_by(package.Gathering.id.desc()).limit(1)
        by_form = db.session.scalars(newest).one()
        told = program("GET", f"/gatherings/{by_form}").get_json()
        same(told, values)
        assert told["host"]["id"] == host_id and [one["id"] for one in told["tags"]] == [tag_id]
        ids = {"host": host_id, "tags": [tag_id], "attendees": [host_id]}
        answer = program("POST", "/gatherings", json=sent(values) | ids)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        again = answer.get_json()
        own = {"id", "version", "url"}
        assert {k: v for k, v in again.items() if k not in own} == {
            k: v for k, v in told.items() if k not in own
        }
        back = {k: v for k, v in again.items() if k not in own} | ids | {"deputy": None}
        changed = program("PATCH", f"/gatherings/{again['id']}", json=back)
        assert changed.status_code == 200, changed.get_data(as_text=True)
        assert changed.get_json()["version"] == again["version"]
        page = tanaka.get(f"{HERE}/edit/{by_form}").get_data(as_text=True)
        assert "Smith" in page

    all_of_them()
    kinds = find_view(package.GatheringView).kinds
    lines = db.session.scalars(select(Activity).where(Activity.event == "gatherings_created"))
    for line in lines:
        row = line.details["row"]
        for name, kind in kinds.items():
            if kind.name not in ("relation", "relations"):
                assert kind.plain(kind.read(row[name])) == row[name]
                kind.say(row[name])


def test_takes_every_kind_back(
    app: Flask, cast: Cast, tanaka: PortalClient, package: ModuleType
) -> None:
    host, tag = (
        cast.membership(cast.smith).id,
        package.GatheringTag(name="Tag", organization_id=cast.aozora.id),
    )
    db.session.add(tag)
    db.session.commit()
    form = {
        "name": "A",
        "about": "Two\nlines",
        "title-ja_JP": "題",
        "page": "https://a.example/",
        "held_on": "2026-11-01",
        "begins_at": "2026-11-01 10:00",
        "seats": "1,000",
        "few": "-5",
        "many": "9223372036854775807",
        "cost": "１２.5",
        "size": "LARGE",
        "shape": "walk",
        "is_open": "y",
        "host": f"#{host}",
        "tags": f"Tag #{tag.id}",
        "attendees": f"#{host}",
    }
    answer = tanaka.submit(f"{HERE}/add", form)
    assert answer.status_code == 302, complaints(answer)
    row = db.session.scalars(select(package.Gathering)).one()
    view, number = find_view(package.GatheringView), row.id
    before = view.row_of(row)
    assert before["cost"] == "12.50" and before["many"] == 2**63 - 1
    make_transient(row)
    assert tanaka.submit(f"{HERE}/edit/{number}", {"name": "B"}).status_code == 302
    assert tanaka.submit(f"{HERE}/delete/{number}").status_code == 302
    lines = db.session.scalars(
        select(Activity.id).where(Activity.event.startswith("gatherings_")).order_by(Activity.id)
    ).all()
    page = tanaka.get(f"/o/aozora/activity/show/{lines[1]}").get_data(as_text=True)
    assert all(words in page for words in ("Walk", "LARGE", "John Smith", "Tag", "12.50", "題"))
    for line in (lines[2], lines[1]):
        path = f"/o/aozora/activity/undo/{line}"
        assert tanaka.submit(path, {}, page=path).status_code == 302
    assert view.row_of(db.session.scalars(select(package.Gathering)).one()) == before
