"""The list of members as a file: what it holds. It …"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlalchemy import update

from app.access.authorities import CATALOGUE
from app.access.roles import BUILT_IN
from app.extensions import db
from app.members.columns import COLUMNS as MEMBERS
from app.models import AccountSession
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.exchange.conftest import EVERYBODY, by_login, objects, page, role


def test_holds_raw_values(tanaka: PortalClient, cast: Cast, now: datetime) -> None:
    """S3-25, B-03: type, roles, state, joined, last access, 2-step, not their labels."""
    cast.tanaka.language, cast.tanaka.two_factor, cast.tanaka.last_sign_in_at = "ja_JP", True, now
    cast.aozora.two_factor_required = True
    db.session.execute(update(AccountSession).values(method="mail"))
    smith = cast.membership(cast.smith)
    smith.roles, smith.authorities, smith.invited_by = (
        [role("viewer"), role("editor")],
        frozenset({"billing_viewer"}),
        cast.tanaka,
    )
    db.session.commit()
    rows = by_login(page(tanaka))
    assert list(rows["tanaka"]) == [column.key for column in MEMBERS]
    assert rows["tanaka"] | {
        "effective_authorities": "",
        "last_access_at": "",
        "last_sign_in_at": "",
    } == {
        "id": str(cast.membership(cast.tanaka).id),
        "account_id": str(cast.tanaka.id),
        "login_id": "tanaka",
        "email": "tanaka@aozora.example",
        "family_name": "田中",
        "given_name": "太郎",
        "reading": "たなか たろう",
        "latin_name": "Taro Tanaka",
        "language": "ja_JP",
        "type": "power",
        "roles": "",
        "authorities": "",
        "effective_authorities": "",
        "state": "active",
        "suspended_at": "",
        "suspended_reason": "",
        "joined_at": "2026-11-21T01:00:00Z",
        "invited_by": "",
        "last_access_at": "",
        "last_sign_in_at": "",
        "two_factor": "true",
        "two_factor_required": "true",
        "managed": "false",
    }
    assert rows["smith"]["roles"] == "Viewer; Editor"
    assert rows["smith"]["authorities"] == "billing_viewer"
    assert (
        rows["smith"]["state"],
        rows["smith"]["invited_by"],
        rows["smith"]["last_access_at"],
    ) == ("never", "tanaka@aozora.example", "")
    assert rows["tanaka"]["last_access_at"].endswith("Z")
    assert datetime.fromisoformat(rows["tanaka"]["last_access_at"]) >= now - timedelta(minutes=1)


def test_holds_the_effective_authorities(tanaka: PortalClient, cast: Cast, now: datetime) -> None:
    """B-03, D-C8: all of a power user's, the union of the others', none of the suspended."""
    membership = cast.membership(cast.smith)
    membership.roles, membership.authorities = [role("viewer")], frozenset({"billing_viewer"})
    cast.membership(cast.sato).authorities = frozenset({"billing_viewer"})
    cast.membership(cast.suzuki).account.suspended_at = now
    db.session.commit()
    rows = by_login(page(tanaka, EVERYBODY))
    assert rows["tanaka"]["effective_authorities"].split(" ") == sorted(CATALOGUE)
    assert rows["smith"]["effective_authorities"].split(" ") == sorted(
        {"billing_viewer", *BUILT_IN["viewer"].authorities}
    )
    for who in ("sato", "suzuki"):
        assert (rows[who]["effective_authorities"], rows[who]["state"]) == ("", "suspended")
    assert rows["sato"]["authorities"] == "billing_viewer"
    assert (rows["sato"]["suspended_at"], rows["sato"]["suspended_reason"]) == (
        "2026-11-21T01:00:00Z",
        "On leave",
    )


def test_holds_the_same_in_json(tanaka: PortalClient, cast: Cast) -> None:
    """S3-23: lists as lists, nothing as null."""
    cast.membership(cast.smith).roles = [role("viewer")]
    db.session.commit()
    answer = page(tanaka, "format=json")
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    rows = {row["login_id"]: row for row in objects(answer)}
    assert list(rows["smith"]) == [column.key for column in MEMBERS]
    assert rows["smith"]["roles"] == ["Viewer"]
    assert rows["smith"]["effective_authorities"] == sorted(BUILT_IN["viewer"].authorities)
    assert rows["smith"]["two_factor"] is False
    assert rows["smith"]["last_access_at"] is None


def test_is_a_download_that_excel_opens(tanaka: PortalClient) -> None:
    """B-04, S3-23."""
    answer = page(tanaka)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r"attachment; filename=aozora-members-\d{4}-\d\d-\d\d\.csv",
        answer.headers["Content-Disposition"],
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"\xef\xbb\xbfid,account_id,login_id,")
    assert answer.data.count(b"\r\n") == 4


def test_keeps_formulas_from_being_calculated(tanaka: PortalClient, cast: Cast) -> None:
    """B-46: in CSV; JSON is never calculated."""
    cast.smith.family_name, cast.smith.reading = '=HYPERLINK("https://x.example","Smith")', "＋81"
    db.session.commit()
    row = by_login(page(tanaka))["smith"]
    assert (row["family_name"], row["reading"]) == (
        '\'=HYPERLINK("https://x.example","Smith")',
        "'＋81",
    )
    assert next(one for one in objects(page(tanaka, "format=json")) if one["login_id"] == "smith")[
        "family_name"
    ].startswith("=HYPERLINK")
