"""People are found however their names are written (FAULTS §3): it …"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.extensions import db
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
