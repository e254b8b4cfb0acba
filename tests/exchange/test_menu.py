"""The menu that offers the list of members as a file. It …"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from tests.cast import Cast
from tests.conftest import PortalClient
from tests.exchange.conftest import BASE, As


def test_offers_the_page_and_everything_with_the_filters_kept(
    tanaka: PortalClient, crowd: None
) -> None:
    """S3-23."""
    html = tanaka.get(
        f"{BASE}/list/?q=member&status=never&page=2&sort=-name&filter=export"
    ).get_data(as_text=True)
    menu = html[html.index('class="dropdown export"') :]
    links = [
        urlsplit(one.replace("&amp;", "&"))
        for one in re.findall(r'href="([^"]+/export[^"]*)"', menu)
    ]
    assert [parse_qs(link.query) for link in links] == [
        {"q": ["member"], "status": ["never"], "sort": ["-name"], "page": ["2"], "format": [form]}
        for form in ("csv", "csv-cp932", "json")
    ]
    assert all(tanaka.get(f"{link.path}?{link.query}").status_code == 200 for link in links)
    found = re.search(r'<form[^>]* method="post" action="([^"]+)"', menu)
    assert found
    assert parse_qs(urlsplit(found[1].replace("&amp;", "&")).query) == {
        "q": ["member"],
        "status": ["never"],
        "sort": ["-name"],
    }
    assert "All 30 that match" in menu


def test_offers_the_selected_rows(tanaka: PortalClient, cast: Cast) -> None:
    """B-06."""
    html = tanaka.get(f"{BASE}/list/?q=smith&filter=selected").get_data(as_text=True)
    assert re.findall(
        rf'form="rows"\s+formaction="{BASE}/export\?q=smith[^"]*"\s+name="selected"'
        r'\s+value="([\w-]+)"',
        html,
    ) == ["csv", "csv-cp932", "json"]


def test_offers_a_viewer_the_page_only(cast: Cast, as_: As) -> None:
    html = as_(cast.suzuki).get(f"{BASE}/list/?filter=export").get_data(as_text=True)
    assert f'{BASE}/export?format=csv"' in html
    assert not re.search(r'action="[^"]*/export', html)


def test_offers_nothing_where_there_is_nothing(tanaka: PortalClient) -> None:
    assert "/export" not in tanaka.get(f"{BASE}/list/?q=nobody").get_data(as_text=True)
