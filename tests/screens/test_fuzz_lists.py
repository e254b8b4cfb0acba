"""Whatever stands in the address of a list, the list answers: never a 500.

Here: hypothesis over the parameters of every list. Not here: what they mean (test_listing.py, the
features' tests).
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.models import Account
from app.screens.list_view import ListMixin
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
EXAMPLES = 30
LISTS = {
    "MemberView",
    "InviteView",
    "BindingView",
    "MemberRoleView",
    "ActivityView",
    "OrganizationView",
    "AccountView",
    "OutboxView",
    "EmailsView",
    "PlatformActivityView",
    "KeyView",
    "TwoFactorBoardView",
    "BatchView",
    "PlatformBatchView",
    "WebhookView",
    "WebhookMessageView",
}
NAMES = (
    "q",
    "sort",
    "page",
    "page_size",
    "filter",
    "give",
    "view",
    "format",
    "_flt_0_name",
    "_oc_MemberView",
    "_od_MemberView",
    "psize_MemberView",
    "next",
)
NASTY = (
    "",
    "0",
    "-1",
    "1e9",
    "999999999999999999999",
    "\0",
    "%",
    "_",
    "\\",
    "'",
    '"',
    "<script>",
    "..",
    "/",
    "٣",
    "\u202e",
    "a" * 5000,
    "[]",
    "{}",
    "null",
    "true",
    "NaN",
    "2026-13-40",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "-name",
    "--name",
    "name,email",
    "password",
    "ｶﾅ",
    "😀",
    "%00",
    "\r\nX: y",
)


def lists(app: Flask) -> list[ListMixin]:
    listing = {rule.endpoint for rule in app.url_map.iter_rules()}
    return [
        view
        for view in app.appbuilder.baseviews
        if isinstance(view, ListMixin) and f"{view.endpoint}.list" in listing
    ]  # type: ignore[attr-defined]


def test_every_list_is_fuzzed(app: Flask) -> None:
    assert {type(view).__name__ for view in lists(app)} == LISTS, "name the new list in LISTS"


@pytest.mark.parametrize("name", sorted(LISTS))
def test_no_parameter_breaks_a_list(app: Flask, cast: Cast, as_: As, name: str) -> None:
    """ASVS 2.2.1, 16.5.1: text, numbers, filters, orders and pages of any kind."""
    view = next(one for one in lists(app) if type(one).__name__ == name)
    browser = as_(cast.root)
    rule = next(one for one in app.url_map.iter_rules() if one.endpoint == f"{name}.list")
    path = rule.rule.replace("<organization>", "aozora")
    offered = [*NAMES, *(one.name for one in view.definition.filters)]
    values = st.one_of(
        st.sampled_from([*NASTY, *view.definition.order_columns]),
        st.text(max_size=30).filter(lambda text: text.isprintable() or text.isascii()),
    )

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @example(pairs=[("page", "999999999"), ("page_size", "100"), ("sort", "-name")])
    @example(pairs=[("q", "%"), ("q", "\0")])
    @given(pairs=st.lists(st.tuples(st.sampled_from(offered), values), max_size=6))
    def ask(pairs: list[tuple[str, str]]) -> None:
        answer = browser.get(f"{path}?{urlencode(pairs)}")
        assert answer.status_code == 200, f"{path}?{urlencode(pairs)}: {answer.status_code}"

    ask()
