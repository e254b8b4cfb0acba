"""The screen of the local mailbox. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.outbox.mailbox import Kept, LocalMailbox
from tests.conftest import PortalClient

Deliver = Callable[..., Kept]


def test_shows_letters_to_this_machine(client: PortalClient, delivered: Deliver) -> None:
    letter = delivered(language="ja_JP")
    page = client.get("/mailbox/").get_data(as_text=True)
    assert "【Meibo】テストメール" in page
    assert f"/mailbox/{letter.name}" in page
    shown = client.get(f"/mailbox/{letter.name}").get_data(as_text=True)
    assert f'src="/mailbox/{letter.name}/html"' in shown
    assert "sandbox=" in shown
    text = client.get(f"/mailbox/{letter.name}?part=text").get_data(as_text=True)
    assert "これはテストメールです。" in text
    assert '<a href="http://localhost/"' in text


def test_says_what_to_expect_while_it_is_empty(client: PortalClient, mailbox: LocalMailbox) -> None:
    assert "No letters yet" in client.get("/mailbox/").get_data(as_text=True)
    assert "No letters yet" not in client.get(
        "/mailbox/", headers={"Accept-Language": "ja"}
    ).get_data(as_text=True)


def test_shows_a_letter_that_can_do_nothing(client: PortalClient, delivered: Deliver) -> None:
    answer = client.get(f"/mailbox/{delivered().name}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_top">' in answer.get_data(as_text=True)


def test_does_not_loosen_other_pages(client: PortalClient, delivered: Deliver) -> None:
    client.get(f"/mailbox/{delivered().name}/html")
    other = client.get("/mailbox/")
    assert "'unsafe-inline'" not in other.headers["Content-Security-Policy"]
    assert other.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("203.0.113.9", {}),
        ("::ffff:203.0.113.9", {}),
        ("10.0.0.1", {}),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}),
        ("", {}),
    ],
)
@pytest.mark.parametrize("path", ["/mailbox/", "/mailbox/{name}", "/mailbox/{name}/html"])
def test_does_not_exist_for_other_machines(
    client: PortalClient, delivered: Deliver, path: str, address: str, headers: dict[str, str]
) -> None:
    answer = client.get(
        path.format(name=delivered().name), headers=headers, environ_base={"REMOTE_ADDR": address}
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_knows_this_machine_by_all_its_names(
    client: PortalClient, mailbox: LocalMailbox, address: str
) -> None:
    assert client.get("/mailbox/", environ_base={"REMOTE_ADDR": address}).status_code == 200


def test_throws_everything_away_by_post_only(
    client: PortalClient, mailbox: LocalMailbox, delivered: Deliver
) -> None:
    delivered()
    assert client.get("/mailbox/clear").status_code in {404, 405}
    assert client.post("/mailbox/clear").status_code == 400
    assert len(mailbox.names()) == 1
    answer = client.submit("/mailbox/clear", page="/mailbox/", follow_redirects=True)
    assert "1 letter was thrown away." in answer.get_data(as_text=True)
    assert mailbox.names() == []


def test_finds_letters_by_recipient_or_subject(
    client: PortalClient, delivered: Deliver, now: datetime
) -> None:
    delivered("anna@example.com", at=now - timedelta(hours=1))
    delivered("taro@example.jp", language="ja_JP")
    anna, taro = (True, False), (False, True)
    for words, found in (
        ("ANNA", anna),
        ("example", (True, True)),
        ("テストメール", taro),
        ("ﾃｽﾄ", taro),
        ("nobody", (False, False)),
    ):
        page = client.get("/mailbox/", query_string={"q": words}).get_data(as_text=True)
        assert (
            '<td data-label="To">anna@example.com' in page,
            '<td data-label="To">taro@example.jp' in page,
        ) == found, words
        assert ("No letter matches this search." in page) is not any(found)
        assert "2 letters go. This cannot be undone." in page, "whatever is searched, all go"


def test_has_pages(
    client: PortalClient, delivered: Deliver, mailbox: LocalMailbox, now: datetime
) -> None:
    for number in range(27):
        delivered(f"p{number}@example.com", at=now - timedelta(hours=number))
    first, second, beyond = (
        client.get(f"/mailbox/?page={number}").get_data(as_text=True) for number in (1, 2, 99)
    )
    assert "1–25 of 27" in first
    assert "27 letters go." in first
    for page in (second, beyond):
        assert "26–27 of 27" in page
        assert "p26@example.com" in page
        assert "p24@example.com" not in page


def test_leaves_out_what_is_thrown_away_meanwhile(
    client: PortalClient,
    delivered: Deliver,
    mailbox: LocalMailbox,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone, stays = (
        delivered("gone@example.com", at=now - timedelta(hours=1)),
        delivered("stays@example.com"),
    )
    mailbox.clear(now)
    monkeypatch.setattr(LocalMailbox, "names", lambda *_: [stays.name, gone.name])
    answer = client.get("/mailbox/")
    assert answer.status_code == 200
    assert "stays@example.com" in answer.get_data(as_text=True)
    assert "gone@example.com" not in answer.get_data(as_text=True)
    monkeypatch.setattr(Path, "is_file", lambda _path: True)
    assert [one.to for one in mailbox.some([stays.name, gone.name])] == ["stays@example.com"], (
        "in the last moment, too"
    )


@pytest.mark.parametrize(
    "path", ["/mailbox/nothing", "/mailbox/nothing/html", "/mailbox/%2e%2e%2fsecret_key"]
)
def test_does_not_find_what_is_no_letter(
    client: PortalClient, mailbox: LocalMailbox, path: str
) -> None:
    assert client.get(path).status_code == 404
