"""Lines that integrators add to the table of grants and to the map. A mistake in them …"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import create_app
from app.access import policy
from app.access.policy import GrantError
from app.outbox.views import OutboxView
from app.registration import PLATFORM, Screen, ensure_drawable
from tests.conftest import settings_for


@pytest.fixture(autouse=True)
def _own_table() -> Iterator[None]:
    kept = dict(policy.GRANTS)
    yield
    policy.GRANTS.clear()
    policy.GRANTS.update(kept)


@pytest.mark.parametrize(
    ("mistake", "advice"),
    [
        (lambda: policy.grant("Stock", "read", policy.PLATFORM), "{'platform administrator'}"),
        (lambda: policy.grant("Stock", "read"), "to nobody"),
        (lambda: policy.grant("Stock", "read", set()), "to nobody"),
    ],
    ids=["no set", "nothing", "an empty set"],
)
def test_is_refused_with_what_to_write(mistake: Callable[[], None], advice: str) -> None:
    """T2-07."""
    with pytest.raises(GrantError) as refused:
        mistake()
    assert advice in str(refused.value)
    assert ("Stock", "read") not in policy.GRANTS


def test_in_the_name_of_an_authority_ends_the_start(tmp_path: Path) -> None:
    """T2-07: at the start, since an authority may be registered after the line."""
    policy.grant("Stock", "read", {"stock_veiwer"})
    with pytest.raises(GrantError, match="'stock_veiwer', which is no authority"):
        create_app(settings_for(tmp_path), check_database=False)


@pytest.mark.parametrize(
    ("menu", "advice"),
    [
        (("", ""), r"add menu=\('read', 'Outbox'\)"),
        (("read", "Outbox"), r"call policy.grant\('Outbox', 'read'\)"),
    ],
    ids=["left out", "granted by nothing"],
)
def test_in_a_menu_pair_ends_the_start(menu: tuple[str, str], advice: str) -> None:
    """T2-07: every page was a 500."""
    with pytest.raises(GrantError, match=advice):
        ensure_drawable(Screen(OutboxView, PLATFORM, "stock", "Stock", "laptop", menu))
