"""Saving how a list is looked at, under a name, for everybody in the organization (B-07). It …"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Activity
from app.saved_views.service import MOST_VIEWS
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.saved_views.conftest import LIST, PAGE, TYPED, As, Keep, kept, page_with


def test_keeps_the_parameters_and_goes_back_to_the_list(cast: Cast, as_: As) -> None:
    browser = as_(cast.tanaka)
    answer = browser.submit(page_with("two_factor=off"), TYPED)
    assert answer.status_code == 302
    assert answer.location == f"{LIST}?two_factor=off&sort=-last_access_at&page_size=50"
    assert "The view “Without 2-step” was saved." in browser.get(answer.location).get_data(
        as_text=True
    )
    [view] = kept()
    assert (view.organization_id, view.screen, view.name, view.query) == (
        cast.aozora.id,
        "MemberView",
        TYPED["name"],
        TYPED["query"],
    )
    assert view.created_by_id == cast.tanaka.id


def test_leaves_one_line_in_the_log(cast: Cast, as_: As) -> None:
    browser = as_(cast.tanaka)
    browser.submit(PAGE, TYPED, page=page_with("q=x"))
    [line] = db.session.scalars(select(Activity).where(Activity.event == "view_saved"))
    assert (line.actor_id, line.subject_name, line.organization_id) == (
        cast.tanaka.id,
        "Without 2-step",
        cast.aozora.id,
    )
    page = browser.get("/o/aozora/activity/list/?group=views").get_data(as_text=True)
    assert "saved the view <strong>Without 2-step</strong>." in page
    assert "List: Members" in page


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("q=sato&page=7", "q=sato"),
        ("page=7&two_factor=off&next=https://evil.example&_flt_0_password=a", "two_factor=off"),
        (
            "two_factor=maybe&status=active&status=active&status=x&type=power&type=general",
            "type=power&status=active",
        ),
        ("q=a&sort=password", "q=a"),
        ("q=a&sort=name", "q=a"),
        ("q=a&sort=-name", "q=a&sort=-name"),
        ("q=a&page_size=1000000", "q=a"),
        ("q=a&page_size=100", "q=a&page_size=100"),
        ("q=佐藤 美咲&role=999999", "q=%E4%BD%90%E8%97%A4+%E7%BE%8E%E5%92%B2"),
        ("//evil.example/?q=a&q=b&", "q=b"),
        ("q=a%0d%0aLocation:x&type=power", "type=power"),
        ("q=%00&type=power", "type=power"),
        ("q=a#fragment", "q=a%23fragment"),
    ],
)
def test_keeps_only_what_the_list_understands(
    cast: Cast, as_: As, asked: str, expected: str
) -> None:
    """No page, no unknown parameter or value, no address of anybody else's."""
    answer = as_(cast.tanaka).submit(PAGE, {"name": "One", "query": asked}, page=page_with("q=x"))
    assert answer.location == f"{LIST}?{expected}"
    assert [view.query for view in kept()] == [expected]


def test_keeps_the_days_of_the_log(cast: Cast, as_: As) -> None:
    answer = as_(cast.tanaka).submit(
        "/o/aozora/views/ActivityView",
        {"name": "November", "query": "from=2026-11-01&to=2026-13-40&group=members"},
        page=page_with("q=x"),
    )
    assert answer.location == "/o/aozora/activity/list/?group=members&from=2026-11-01"


@pytest.mark.parametrize(
    "query", ["", "page=3", "sort=name", "page_size=25", "nonsense", "%%%", "two_factor=maybe"]
)
def test_says_when_there_is_nothing_to_save(cast: Cast, as_: As, query: str) -> None:
    answer = as_(cast.tanaka).submit(PAGE, {"name": "All", "query": query}, page=page_with("q=x"))
    assert answer.status_code == 422
    assert "This is the list as it always opens." in answer.get_data(as_text=True)
    assert kept() == []


def test_says_when_it_is_too_long(cast: Cast, as_: As) -> None:
    query = f"inviter={'あ' * 254}"
    answer = as_(cast.tanaka).submit(
        "/o/aozora/views/InviteView", {"name": "Long", "query": query}, page=page_with("q=x")
    )
    assert answer.status_code == 422
    assert "This view is too long to be saved." in answer.get_data(as_text=True)
    assert kept() == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Fill this in."),
        ("  \u3000 ", "Fill this in."),
        ("x" * 61, "At most 60 characters."),
        ("a\x00b", "This contains a character that cannot"),
        ("a\nb", "This contains a character that cannot"),
    ],
)
def test_says_at_the_field_what_is_wrong(cast: Cast, as_: As, name: str, sentence: str) -> None:
    answer = as_(cast.tanaka).submit(
        PAGE, {"name": name, "query": "type=power"}, page=page_with("q=x")
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="type=power"' in page, "what would be saved stays"
    assert "autofocus" in page.split('id="name"')[0].rsplit("<input", 1)[1], (
        "what needs mending is read first"
    )
    assert kept() == []


@pytest.mark.parametrize("typed", [{}, {"name": "a\x00b"}, {"name": "\x00", "query": "\x00"}])
def test_says_so_on_both_databases(each_app: Flask, typed: dict[str, str]) -> None:
    """Of a name that is missing or that no database takes, too, without looking for it."""
    tanaka = factories.account("tanaka")
    factories.membership(tanaka, factories.organization("aozora"), power=True)
    db.session.commit()
    browser = each_app.test_client()
    assert isinstance(browser, PortalClient)
    answer = browser.sign_in(tanaka).submit(PAGE, {"query": "type=power"} | typed, page="/profile/")
    assert answer.status_code == 422
    assert kept() == []


def test_complains_in_japanese_to_readers_of_japanese(cast: Cast, as_: As) -> None:
    cast.tanaka.language = "ja_JP"
    page = (
        as_(cast.tanaka)
        .submit(PAGE, {"name": "x" * 61, "query": "type=power"}, page=page_with("q=x"))
        .get_data(as_text=True)
    )
    assert "60文字以内で入力してください。" in page
    assert "種別：特権" in page


def test_names_may_fold_to_many_characters(each_app: object) -> None:
    """On both databases: one character of a name may become eighteen in its key."""
    from app.models import SavedView

    where = factories.organization("wide")
    db.session.add(
        SavedView(
            organization_id=where.id,
            screen="MemberView",
            name="\ufdfa" * 60,
            query="q=a",
            created_at=factories.NOW,
        )
    )
    db.session.commit()
    assert len(kept()[0].name_key) == 18 * 60


@pytest.mark.parametrize("name", ["Off", "OFF", " off ", "Ｏｆｆ", "ｏＦＦ"])
def test_asks_before_it_replaces_one_of_the_same_name(
    cast: Cast, as_: As, keep: Keep, name: str
) -> None:
    """In another width or case too."""
    view, browser = keep("Off", "two_factor=off"), as_(cast.tanaka)
    answer = browser.submit(PAGE, {"name": name, "query": "type=power"}, page=page_with("q=x"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "There is already a view with this name. Choose a different one, or replace it." in page
    assert f'value="{view.id}">Replace “Off”' in page
    assert f'value="{name.strip()}"' in page
    assert [one.query for one in kept()] == ["two_factor=off"]
    answer = browser.submit(
        PAGE, {"name": name, "query": "type=power", "replacing": view.id}, page=page_with("q=x")
    )
    assert answer.status_code == 302
    assert [(one.id, one.name, one.query) for one in kept()] == [
        (view.id, name.strip(), "type=power")
    ]
    assert db.session.scalars(
        select(Activity.event).where(Activity.event.startswith("view_"))
    ).all() == ["view_replaced"]


def test_replaces_no_other_one_than_it_asked_about(cast: Cast, as_: As, keep: Keep) -> None:
    off, power = keep("Off", "two_factor=off"), keep("Power", "type=power")
    for replacing in (off.id, "x", "", "0", "9" * 30):
        answer = as_(cast.tanaka).submit(
            PAGE, {"name": "power", "query": "q=a", "replacing": replacing}, page=page_with("q=x")
        )
        assert answer.status_code == 409
        assert f'name="replacing" value="{power.id}"' in answer.get_data(as_text=True)
    assert [one.query for one in kept()] == ["two_factor=off", "type=power"]


def test_stops_at_fifty_of_one_list(cast: Cast, as_: As, keep: Keep) -> None:
    for number in range(MOST_VIEWS):
        keep(f"View {number}")
    keep("Elsewhere", screen="InviteView")
    answer = as_(cast.tanaka).submit(
        PAGE, {"name": "One more", "query": "q=a"}, page=page_with("q=x")
    )
    assert answer.status_code == 400
    assert "A list can have 50 saved views. Delete one first." in answer.get_data(as_text=True)
    assert len(kept()) == MOST_VIEWS + 1
