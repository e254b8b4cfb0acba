"""Rows of the whole portal: announcements, which members read as news. It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Activity
from tests.cast import Cast
from tests.model_views.conftest import names
from tests.portal_client import PortalClient

PACKAGE = "announcements"
HERE, NEWS = "/announcements", "/o/aozora/news"
MAINTENANCE = {
    "title-en": "Maintenance",
    "title-ja_JP": "メンテナンスのお知らせ",
    "shown_from": "2026-11-01 09:00",
}


@pytest.fixture
def root(cast: Cast, as_: Callable[..., PortalClient]) -> PortalClient:
    return as_(cast.root)


def announce(browser: PortalClient, package: ModuleType, **values: str) -> int:
    answer = browser.submit(f"{HERE}/add", MAINTENANCE | values)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    rows = select(package.Announcement.id).order_by(package.Announcement.id.desc())
    return int(db.session.scalars(rows.limit(1)).one())


def test_is_kept_by_the_platform_administrator(
    root: PortalClient, cast: Cast, package: ModuleType
) -> None:
    number = announce(root, package)
    row = db.session.get_one(package.Announcement, number)
    assert row.title == {"en": "Maintenance", "ja_JP": "メンテナンスのお知らせ"}
    assert row.shown_from == datetime(2026, 11, 1, 9, tzinfo=UTC)
    assert names(root.get(f"{HERE}/list/")) == ["Maintenance"]
    assert "Announcements" in root.get("/organizations/list/").get_data(as_text=True)
    cast.root.language = "ja_JP"
    page = root.get(f"{HERE}/list/").get_data(as_text=True)
    assert "お知らせの管理" in page and "メンテナンスのお知らせ" in page and "掲載開始日時" in page
    path = f"{HERE}/edit/{number}"
    assert root.submit(path, MAINTENANCE | {"title-en": "Later"}).status_code == 302
    assert root.submit(f"{HERE}/delete/{number}").status_code == 302
    assert db.session.scalars(select(package.Announcement)).all() == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=maintenance", 1),
        ("q=ﾒﾝﾃﾅﾝｽ", 1),
        ("q=ja_JP", 0),
        ("q=nothing", 0),
        ("shown_from=2026-11-01..2026-11-01", 1),
        ("shown_from=2026-11-02..", 0),
        ("sort=-shown_from", 1),
    ],
)
def test_is_found_in_every_language(
    root: PortalClient, package: ModuleType, asked: str, found: int
) -> None:
    announce(root, package)
    assert len(names(root.get(f"{HERE}/list/?{asked}"))) == found


def test_leaves_lines_in_the_platform_log_and_offers_no_undo(
    root: PortalClient, package: ModuleType, tanaka: PortalClient
) -> None:
    announce(root, package)
    page = root.get(f"{HERE}/list/").get_data(as_text=True)
    assert "Maintenance was added." in page and "undo" not in page
    line = db.session.scalars(
        select(Activity).where(Activity.event == "announcements_created")
    ).one()
    assert line.organization_id is None and line.subject_name == "Maintenance"
    log = re.sub(r"<[^>]+>", "", root.get("/activity/list/").get_data(as_text=True))
    assert "added Maintenance to Announcements" in log
    told = root.get(f"/activity/show/{line.id}").get_data(as_text=True)
    assert f"{HERE}/show/{line.subject_id}" in told and "undo" not in told
    assert "Maintenance" not in tanaka.get("/o/aozora/activity/list/").get_data(as_text=True)
    assert tanaka.get(f"/o/aozora/activity/undo/{line.id}").status_code == 404


def test_is_read_only_for_members(
    root: PortalClient, app: Flask, cast: Cast, package: ModuleType, tanaka: PortalClient
) -> None:
    number = announce(root, package)
    smith = app.test_client()
    assert isinstance(smith, PortalClient)
    smith.sign_in(cast.smith)
    for reader in (smith, tanaka):
        page = reader.get(f"{NEWS}/list/").get_data(as_text=True)
        assert "Maintenance" in page and f"{NEWS}/add" not in page and "/edit/" not in page
        page = reader.get(f"{NEWS}/show/{number}").get_data(as_text=True)
        assert "Maintenance" in page and "/delete/" not in page
        for path in ("add", f"edit/{number}", f"delete/{number}", "action_post"):
            assert reader.post(f"{NEWS}/{path}").status_code in (400, 404, 405), path
            assert reader.get(f"{NEWS}/{path}").status_code in (404, 405), path
        assert reader.get(f"{HERE}/list/").status_code == 403
        assert reader.get(f"{HERE}/edit/{number}").status_code == 403
        assert reader.post(f"{HERE}/delete/{number}").status_code in (400, 403)
    assert "News" in smith.get("/o/aozora/").get_data(as_text=True)
    assert smith.get("/o/minato/news/list/").status_code == 404
    page = root.get(f"{NEWS}/list/").get_data(as_text=True)
    assert "Maintenance" in page and f"{NEWS}/add" not in page
    assert db.session.get(package.Announcement, number) is not None


def test_is_offered_to_no_program(app: Flask, root: PortalClient) -> None:
    paths = [str(rule) for rule in app.url_map.iter_rules()]
    assert not [path for path in paths if path.startswith(("/api/v1/ann", "/api/v1/news"))]


def test_is_exported_by_the_platform_administrator(root: PortalClient, package: ModuleType) -> None:
    announce(root, package)
    answer = root.get(f"{HERE}/export?format=json")
    [row] = answer.get_json()
    assert row["title"] == {"en": "Maintenance", "ja_JP": "メンテナンスのお知らせ"}
    assert "portal-announcements-" in answer.headers["Content-Disposition"]
    answer = root.submit(f"{HERE}/export?format=csv", page=f"{HERE}/list/")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    line = db.session.scalars(
        select(Activity).where(Activity.event == "announcements_exported")
    ).one()
    assert line.organization_id is None


def test_refuses_titles_that_are_none_or_too_long(root: PortalClient, package: ModuleType) -> None:
    for title in ("", "x" * 121, "\x07"):
        values: dict[str, Any] = MAINTENANCE | {"title-en": title, "title-ja_JP": ""}
        assert root.submit(f"{HERE}/add", values).status_code == 422, title
    assert db.session.scalars(select(package.Announcement)).all() == []
