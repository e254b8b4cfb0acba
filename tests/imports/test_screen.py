"""The pages of an import: the file, the check, the result. It …"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts import service as accounts
from app.extensions import db
from app.imports import drafts
from app.models import Account, AccountSession, Batch
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.imports.conftest import H, R, j
from tests.members.conftest import built_in, fingerprint

As = Callable[[Account], PortalClient]
HERE = "/o/aozora/members/import/"
BAD = "x,kato@@aozora.example.jp,加藤,一,編集社\r\n"
USUAL = {"new": "register", "existing": "change"}


@pytest.fixture
def tanaka(cast: Cast, as_: As) -> PortalClient:
    return as_(cast.tanaka)


def send(client: PortalClient, data: bytes, name: str = "members.csv", **more: Any) -> Any:
    form = USUAL | more | {"file": (BytesIO(data), name)}
    return client.submit(HERE, form, page="/profile/", content_type="multipart/form-data")


def checked(client: PortalClient, data: bytes, **more: Any) -> tuple[str, str]:
    """Send a file; return the address of its check, and the page."""
    answer = send(client, data, **more)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.location, client.get(answer.location).get_data(as_text=True)


def confirm(client: PortalClient, url: str, page: str, **more: str) -> Any:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return client.submit(url, {"seen": found[1], **more}, page="/profile/")


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def test_is_reached_from_the_list(tanaka: PortalClient) -> None:
    """S2-20."""
    assert f'href="{HERE}"' in tanaka.get("/o/aozora/members/list/").get_data(as_text=True)
    page = tanaka.get(HERE).get_data(as_text=True)
    assert 'type="file"' in page
    assert "Notes for the file" in page or "インポート時の注意点" in page


def test_gives_a_template_that_is_read_again(tanaka: PortalClient) -> None:
    """S2-21: untouched, it says that it has no rows; filled in, it is imported."""
    template = tanaka.get(f"{HERE}template").data
    assert template.startswith(b"\xef\xbb\xbf")
    refused = send(tanaka, template)
    assert refused.status_code == 422
    names = template.decode("utf-8-sig").strip().split(",")
    filled = {"ログインID": "h", "メールアドレス": "h@aozora.example.jp", "姓": "佐藤"}
    filled |= {"Login ID": "h", "E-mail address": "h@aozora.example.jp", "Family name": "Sato"}
    row = ",".join(filled.get(name, "") for name in names)
    _url, page = checked(tanaka, template + row.encode() + b"\r\n")
    assert "h@aozora.example.jp" in page


def test_names_what_is_wrong_and_changes_nothing(tanaka: PortalClient) -> None:
    """S2-23, S2-24, D-C6: line, column, value and sentence."""
    before = fingerprint()
    url, page = checked(tanaka, j(H + R + BAD))
    said = text_of(page)
    assert "3 B メールアドレス kato@@aozora.example.jp" in said
    assert "3 E ロール 編集社" in said
    assert "Shift_JIS" in said
    assert "btn-danger" not in page.partition("<main")[2].partition("</main")[0]
    answer = confirm(tanaka, url, page)
    assert answer.location == url
    assert fingerprint() == before


def test_imports_the_rows_without_errors_and_gives_the_others_back(tanaka: PortalClient) -> None:
    """File 42: mended, only those are done."""
    url, page = checked(tanaka, j(H + R + BAD))
    answer = confirm(tanaka, url, page, only_valid="1")
    assert accounts.find("hanako")
    assert "kato@@" not in tanaka.get(answer.location).get_data(as_text=True)
    refused = tanaka.get(answer.location.replace("/result", "/refused")).data.decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(refused, newline=""))
    assert next(iter(row.values())) == "3"
    assert "x,kato@@aozora.example.jp,加藤,一,編集社" in refused
    mended = refused.replace("@@", "@").replace("編集社", "編集者")
    url, page = checked(tanaka, mended.encode())
    confirm(tanaka, url, page)
    assert accounts.find("x")


def test_imports_once(tanaka: PortalClient) -> None:
    url, page = checked(tanaka, j(H + R))
    assert confirm(tanaka, url, page).location.endswith("/result")
    assert confirm(tanaka, url, page).status_code == 404
    _url, page = checked(tanaka, j(H + R))
    assert 'type="submit" name="only_valid"' not in page
    assert "so already" in page or "登録済み" in page


def test_is_not_imported_where_something_changed_since(cast: Cast, tanaka: PortalClient) -> None:
    url, page = checked(tanaka, b"login_id,roles\r\nsmith,Viewer\r\n")
    cast.membership(cast.smith).roles = [built_in("editor")]
    db.session.commit()
    assert confirm(tanaka, url, page).location == url
    db.session.expire_all()
    assert [one.name for one in cast.membership(cast.smith).roles] == ["Editor"]


def test_asks_what_a_column_is(tanaka: PortalClient) -> None:
    """File 27: no import before the answer."""
    data = (H.strip() + ",備考\r\n" + R.strip() + ",大阪\r\n").encode()
    url, page = checked(tanaka, data)
    assert 'name="seen"' not in page
    assert 'name="column-F"' in page
    tanaka.submit(f"{url}/again", {"column-F": "-"})
    page = tanaka.get(url).get_data(as_text=True)
    assert confirm(tanaka, url, page).location.endswith("/result")
    assert accounts.find("hanako")


def test_reads_a_file_again_otherwise(tanaka: PortalClient) -> None:
    """File 18."""
    rows = "".join(f"{one},{one}@aozora.example.jp,ｻﾄｳ,ﾊﾅｺ\r\n" for one in "hij")
    data = f"login_id,email,family_name,given_name\r\n{rows}".encode("euc_jp")
    url, page = checked(tanaka, data)
    assert "悉柴宍" in page
    tanaka.submit(f"{url}/again", {"encoding": "euc_jp"})
    assert "ｻﾄｳ" in tanaka.get(url).get_data(as_text=True)


def test_takes_cells_that_were_pasted(tanaka: PortalClient) -> None:
    """S2-22: for whoever has no file to drop."""
    answer = tanaka.submit(HERE, USUAL | {"pasted": (H + R).replace(",", "\t")})
    assert "hanako" in tanaka.get(answer.location).get_data(as_text=True)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"a,b\r\n1,2\r\n", b"PK\x03\x04junk"])
def test_says_at_the_field_what_cannot_be_read(tanaka: PortalClient, data: bytes) -> None:
    """File 28: nothing is stored."""
    answer = send(tanaka, data)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.get_data(as_text=True)
    assert db.session.scalar(select(Batch.id)) is None


def test_takes_no_more_than_20_mb(tanaka: PortalClient, cast: Cast, as_: As) -> None:
    """File 40; whoever may not import sends no more than anywhere else."""
    assert send(tanaka, b"x" * (20 * 1024 * 1024 + 1)).status_code == 413
    assert send(tanaka, (H + R).encode() + b" " * (3 * 1024 * 1024)).status_code == 302
    assert send(as_(cast.smith), b"x" * (3 * 1024 * 1024)).status_code in {403, 413}


def test_is_for_those_who_manage_members(cast: Cast, as_: As, tanaka: PortalClient) -> None:
    url, _page = checked(tanaka, j(H + R))
    for who, status in ((cast.smith, 403), (cast.suzuki, 403), (cast.yamada, 404)):
        for address in (HERE, url, f"{HERE}template"):
            assert as_(who).get(address).status_code == status, (who.login_id, address)
        assert send(as_(who), j(H + R)).status_code == status
    other = factories.account("boss")
    factories.membership(other, cast.aozora, power=True)
    db.session.commit()
    assert as_(other).get(url).status_code == 404


def test_asks_for_a_fresh_proof_before_power_is_given(cast: Cast, tanaka: PortalClient) -> None:
    url, page = checked(tanaka, b"login_id,type\r\nsmith,power\r\n")
    assert "John" in text_of(page)
    for session in db.session.scalars(select(AccountSession)):
        session.proved_at = session.created_at.replace(year=2020)
    db.session.commit()
    answer = confirm(tanaka, url, page)
    assert not (answer.location or "").endswith("/result")
    db.session.expire_all()
    assert not cast.membership(cast.smith).is_power


def test_shows_what_it_read_as_text(tanaka: PortalClient) -> None:
    """File 41."""
    data = H.encode() + b"h,h@aozora.example.jp,<script>,=HYPERLINK(1),<b>\r\n"
    _url, page = checked(tanaka, data, name='../../x"<b>.csv')
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;" in page


def test_never_shows_a_password(cast: Cast, tanaka: PortalClient) -> None:
    text = "login_id,email,family_name,password\r\nh,h@aozora.example.jp,佐藤,Secret-word1\r\n"
    _url, page = checked(tanaka, text.encode())
    assert "Secret-word1" not in page
    assert "••••••" in page


def test_only_so_many_files_an_hour(tanaka: PortalClient, cast: Cast) -> None:
    for _turn in range(60):
        drafts.CHECKS.hit(cast.tanaka.id)
    assert send(tanaka, j(H + R)).status_code == 429


def test_offers_to_take_the_import_back(tanaka: PortalClient) -> None:
    """With one button, from the result: who was added is gone."""
    url, page = checked(tanaka, j(H + R))
    result = confirm(tanaka, url, page).location
    found = re.search(r'href="([^"]*/undo/\w+)"', tanaka.get(result).get_data(as_text=True))
    assert found
    assert accounts.find("hanako")
    tanaka.submit(found[1], {}, page="/profile/")
    db.session.expire_all()
    assert accounts.find("hanako") is None
    assert "/undo/" not in tanaka.get(result).get_data(as_text=True)
