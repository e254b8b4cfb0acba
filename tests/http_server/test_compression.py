"""Compression: pages and files get shorter on the way. It …"""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.http_server.compression import compressed_file
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.http.test_requests import As

GZIP = {"Accept-Encoding": "gzip, br"}


def plain(answer: TestResponse) -> bytes:
    return zlib.decompress(answer.get_data(), 16 + zlib.MAX_WBITS)


def biggest(app: Flask) -> str:
    assert app.static_folder
    found = max(Path(app.static_folder).rglob("*.css"), key=lambda path: path.stat().st_size)
    return f"/static/{found.relative_to(app.static_folder)}"


def test_sends_files_compressed(app: Flask, client: PortalClient) -> None:
    """T2-102: 232 KB of Bootstrap."""
    path = biggest(app)
    short, whole = client.get(path, headers=GZIP), client.get(path)
    assert short.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in whole.headers
    assert "Accept-Encoding" in short.headers["Vary"]
    assert plain(short) == whole.get_data()
    assert len(short.get_data()) * 4 < len(whole.get_data())
    for name in ("Content-Security-Policy", "Cache-Control", "X-Content-Type-Options"):
        assert short.headers[name] == whole.headers[name]


def test_says_of_files_what_it_says_of_pages(app: Flask, client: PortalClient) -> None:
    """T2-98: nobody's frame, nobody's window, no feature of the browser."""
    page = client.get("/login/")
    for answer in (client.get(biggest(app)), client.get(biggest(app), headers=GZIP)):
        for name in ("Cross-Origin-Opener-Policy", "X-Frame-Options", "Permissions-Policy"):
            assert answer.headers[name] == page.headers[name]


def test_sends_pages_compressed(app: Flask, cast: Cast, as_: As) -> None:
    """T2-102."""
    browser = as_(cast.tanaka)
    for site in ({}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        answer = browser.get("/o/aozora/members/list/", headers=GZIP | site)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert {"Accept-Encoding", "Cookie"} <= set(answer.vary)
        assert b"</html>" in plain(answer)
        assert answer.content_length == len(answer.get_data())


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_sends_as_it_is_what_another_site_makes_a_browser_ask_for(
    app: Flask, cast: Cast, as_: As, site: str
) -> None:
    """T2-102: its length would tell strangers what stands in it (BREACH)."""
    answer = as_(cast.tanaka).get("/o/aozora/?q=x", headers=GZIP | {"Sec-Fetch-Site": site})
    assert "Content-Encoding" not in answer.headers


def test_blurs_the_length_of_a_page(app: Flask, client: PortalClient) -> None:
    """T2-102: the same page is hardly ever as long twice."""
    lengths = {client.get("/login/", headers=GZIP).content_length for _time in range(10)}
    assert len(lengths) > 3


def test_leaves_alone_who_does_not_ask_for_it(client: PortalClient) -> None:
    for asked in ("", "br", "gzip;q=0"):
        answer = client.get("/login/", headers={"Accept-Encoding": asked})
        assert "Content-Encoding" not in answer.headers


def test_does_without_where_the_folder_cannot_be_written(tmp_path: Path) -> None:
    long = tmp_path / "long.css"
    long.write_text("a" * 5000)
    (tmp_path / "taken").write_text("")
    assert compressed_file(long, tmp_path / "taken" / "folder") is None
