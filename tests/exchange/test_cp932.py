"""A file in the Shift_JIS of Windows (T2-113). It …"""

from __future__ import annotations

import csv
import io

from app.extensions import db
from tests.cast import Cast

EXPORT = "/o/aozora/members/export?format=csv-cp932"


def test_is_offered_and_read_back_as_cp932(as_, cast: Cast) -> None:
    """T2-113"""
    tanaka = as_(cast.tanaka)
    menu = tanaka.get("/o/aozora/members/list/?filter=export").get_data(as_text=True)
    assert "CSV (Shift_JIS)" in menu
    answer = tanaka.get(EXPORT)
    assert answer.content_type == "text/csv; charset=Shift_JIS"
    assert answer.headers["Content-Disposition"].endswith(".csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("cp932"))))
    assert "田中" in {row["family_name"] for row in rows}
    assert not answer.data.startswith(b"\xef\xbb\xbf")


def test_replaces_what_cp932_lacks_one_for_one(as_, cast: Cast) -> None:
    """T2-113: 〓 by rule; signs that Windows writes another way are kept."""
    cast.smith.last_name, cast.smith.first_name = "𠮷田😀髙", "はま〜ん"
    db.session.commit()
    rows = csv.DictReader(io.StringIO(as_(cast.tanaka).get(EXPORT).data.decode("cp932")))
    [row] = [one for one in rows if one["login_id"] == "smith"]
    assert (row["family_name"], row["given_name"]) == ("〓田〓髙", "はま～ん")
