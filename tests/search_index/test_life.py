"""The search index lives with its rows, on both databases: it …"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update

from app.extensions import db
from app.models import Account, SearchEntry
from app.search_index import checks, schema, writing
from app.search_index.entries import PEOPLE
from app.search_index.finding import hits
from tests import factories

Found = Callable[..., list[int]]


@pytest.fixture
def found(each_app: Flask) -> Found:
    def ids(typed: str, organization_id: int | None = None) -> list[int]:
        asked = hits(PEOPLE, typed, organization_id=organization_id)
        return [] if asked is None else sorted(db.session.scalars(asked))

    return ids


def test_enters_changes_and_forgets_people(found: Found) -> None:
    here = factories.organization("here")
    who = factories.account("hanako", family_name="髙橋", given_name="花子")
    factories.membership(who, here)
    db.session.flush()
    for typed in ("高橋", "高", "花子 高橋", "^高", "^hanako@", "anak", "an"):
        assert found(typed, here.id) == [who.id], typed
    who.family_name = "渡邉"
    db.session.flush()
    assert found("渡辺", here.id) == [who.id]
    assert found("高橋", here.id) == []
    db.session.delete(who)
    db.session.flush()
    assert found("渡辺") == []
    assert db.session.scalar(select(SearchEntry.id).where(SearchEntry.kind == PEOPLE)) is None


def test_finds_people_in_their_organizations_only(found: Found) -> None:
    here, there = factories.organization("here"), factories.organization("there")
    who = factories.account("hanako", family_name="Adams")
    factories.membership(who, here)
    db.session.flush()
    assert found("adams", there.id) == []
    factories.membership(who, there)
    db.session.flush()
    assert found("adams", there.id) == [who.id]


def test_is_built_anew_and_says_what_it_lacks(found: Found) -> None:
    who = factories.account("hanako", family_name="Adams")
    db.session.flush()
    db.session.execute(delete(SearchEntry))
    assert writing.incomplete() == [PEOPLE]
    assert found("adams") == []
    writing.complete()
    assert found("adams") == [who.id]
    assert writing.incomplete() == []
    db.session.execute(update(SearchEntry).values(words="x", pieces="x"))
    assert writing.rebuild() == db.session.scalar(text("SELECT count(*) FROM search_entry"))
    assert found("adams") == [who.id]


def test_takes_what_was_written_past_the_session(found: Found) -> None:
    who = factories.account("hanako", family_name="Adams")
    db.session.flush()
    db.session.execute(update(Account).where(Account.id == who.id).values(last_name="Berger"))
    writing.write(Account, [who.id])
    assert found("berger") == [who.id]
    assert found("adams") == []


def test_goes_with_its_organization(found: Found) -> None:
    here = factories.organization("here")
    db.session.flush()
    entry = {"kind": "device", "row_id": 1, "words": "x", "pieces": "x"}
    db.session.execute(insert(SearchEntry), [entry | {"organization_id": here.id}])
    db.session.execute(text("DELETE FROM organization WHERE id = :id"), {"id": here.id})
    assert db.session.scalar(select(SearchEntry.id).where(SearchEntry.kind == "device")) is None


def test_has_trigrams_where_they_can_be_made(each_app: Flask) -> None:
    """Where not, the upgrade and the check say so; words are found all the same."""
    connection = db.session.connection()
    offered = "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'"
    can = db.engine.dialect.name == "sqlite" or bool(db.session.scalar(text(offered)))
    assert schema.make_trigrams(connection) is can
    assert schema.has_trigrams(connection) is can
    assert [*checks.complaints()] == ([] if can else [checks.without_trigrams()])
