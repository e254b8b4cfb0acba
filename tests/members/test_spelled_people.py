"""People are found however their names are written (FAULTS §3): it …"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.extensions import db
from app.screens import list_definition
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

MEMBERS = "/o/aozora/members/list/"
As = Callable[..., PortalClient]

SPELLINGS = [
    ("葛󠄁城", "葛城"),
    ("髙橋", "高橋"),
    ("斎藤", "斉藤"),
    ("斎藤", "齋藤"),
    ("齊藤", "斎藤"),
    ("渡辺", "渡邊"),
    ("渡邉", "渡辺"),
    ("山﨑", "山崎"),
    ("Müller", "Muller"),
    ("Zoë", "Zoe"),
    ("O’Brien", "OBrien"),
    ("OBrien", "O'Brien"),
    ("コバヤシ", "ｺﾊﾞﾔｼ"),
    ("ゴトウ", "ごとう"),
]


@pytest.mark.parametrize(("written", "typed"), SPELLINGS)
def test_finds_a_name_in_any_spelling_both_ways(
    cast: Cast, as_: As, written: str, typed: str
) -> None:
    """T2-20."""
    client = as_(cast.tanaka)
    for number, (name, asked) in enumerate(((written, typed), (typed, written))):
        who = factories.account(f"spelled{number}", family_name=name, given_name="X")
        factories.membership(who, cast.aozora)
        db.session.commit()
        page = client.get(MEMBERS, query_string={"q": asked}).get_data(as_text=True)
        assert f"spelled{number}@" in page


@pytest.mark.parametrize(
    "typed", ["Tanaka Taro", "Taro Tanaka", "田中 太郎", "太郎 田中", '"田中太郎"']
)
def test_finds_either_order_of_names(cast: Cast, as_: As, typed: str) -> None:
    """T2-20."""
    page = as_(cast.suzuki).get(MEMBERS, query_string={"q": typed}).get_data(as_text=True)
    assert cast.tanaka.email in page
    assert cast.smith.email not in page


@pytest.mark.parametrize("typed", ["^n", "^ni", "^nina@", "＾nina", "^ニ", "^に"])
def test_finds_beginnings(cast: Cast, as_: As, typed: str) -> None:
    """T2-23: 90 people have an n in their names."""
    who = factories.account("nina", family_name="Adams", given_name="Eva", reading="にな えば")
    factories.membership(who, cast.aozora)
    db.session.commit()
    page = as_(cast.tanaka).get(MEMBERS, query_string={"q": typed}).get_data(as_text=True)
    assert who.email in page
    assert cast.tanaka.email not in page.partition("<tbody")[2]


@pytest.mark.parametrize(
    "typed", ["佐", "佐藤", "z", "sa", "sat", "satō", '"', "%", "_", "' OR 1=1", "*", "^"]
)
def test_understands_whatever_is_typed(cast: Cast, as_: As, typed: str) -> None:
    assert as_(cast.tanaka).get(MEMBERS, query_string={"q": typed}).status_code == 200


def test_says_how_beginnings_are_asked_for(cast: Cast, as_: As) -> None:
    """T2-23."""
    cast.suzuki.language = "en"
    client = as_(cast.suzuki)
    assert "begins with “na”" in client.get(MEMBERS).get_data(as_text=True)
    assert "finds what begins with" in client.get(MEMBERS + "?q=zzz").get_data(as_text=True)


def test_shows_the_first_of_many_and_says_so(
    cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch, statements: Callable[[], list[str]]
) -> None:
    """It looks no further; the order is that of the list."""
    monkeypatch.setattr(list_definition, "MANY", 30)
    for number in range(40):
        who = factories.account(f"m{number:02}", family_name="Aoki", given_name=f"No {number:02}")
        factories.membership(who, cast.aozora)
    cast.suzuki.language = "en"
    db.session.commit()
    client = as_(cast.suzuki)
    client.get(MEMBERS)
    statements()
    client.get(MEMBERS)
    usual = len(statements())
    page = client.get(MEMBERS + "?q=aoki").get_data(as_text=True)
    assert len(statements()) <= usual
    assert "1–25 of 30+ Many match. Narrow the search." in " ".join(page.split())
    assert "?q=aoki&amp;page=2" in page
    assert "page=3" not in page
    last = client.get(MEMBERS + "?q=aoki&page=2").get_data(as_text=True)
    assert "26–30 of 30+" in " ".join(last.split())
