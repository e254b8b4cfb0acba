"""Listing: any address gives a list; what is unknown reads as the default."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.models import Account
from app.screens.list_filter import Filter
from app.screens.list_query import Listing

STATE = Filter(
    "status",
    "State",
    lambda: [("active", "Active"), ("suspended", "Suspended")],
    lambda query, _values: query,
)
ROLE = Filter(
    "role",
    "Role",
    lambda: [("1", "Admin"), ("2", "Viewer")],
    lambda query, _values: query,
    multiple=True,
)
ORDERS = {"name": Account.sort_key, "email": Account.email_key}


def read(*pairs: tuple[str, str]) -> Listing:
    return Listing.read(
        MultiDict(pairs),
        path="/list/",
        filters=[STATE, ROLE],
        order_columns=ORDERS,
        base_order=("name", "asc"),
    )


@pytest.mark.parametrize(
    "size", ["0", "-1", "26", "1000000", "abc", "", "２５", "99999999999999999999"]
)
def test_an_unknown_page_size_is_25(size: str) -> None:
    assert read(("page_size", size)).page_size == 25


@pytest.mark.parametrize("size", [25, 50, 100])
def test_it_offers_three_page_sizes(size: int) -> None:
    """S2-07, S3-22."""
    assert read(("page_size", str(size))).page_size == size


@pytest.mark.parametrize("page", ["0", "-0", "--3", "abc", "1e9", "½", "99999999999999999999"])
def test_a_page_that_makes_no_sense_is_the_first(page: str) -> None:
    assert read(("page", page)).page == 1


@pytest.mark.parametrize("sort", ["password", "-password", "username; drop table", ""])
def test_an_unknown_sort_is_the_usual_one(sort: str) -> None:
    """Nobody sorts by what is not offered."""
    assert read(("sort", sort)).sort == "name"


def test_several_roles_may_be_chosen_but_one_state() -> None:
    """S3-15."""
    listing = read(
        ("role", "1"), ("role", "2"), ("role", "99"), ("status", "active"), ("status", "suspended")
    )
    assert listing.chosen == {"role": ["1", "2"], "status": ["active"]}


def test_its_address_can_be_shared() -> None:
    listing = read(
        ("q", "sato"), ("role", "1"), ("sort", "-email"), ("page", "3"), ("page_size", "50")
    )
    assert listing.url(page=4) == "/list/?q=sato&role=1&sort=-email&page=4&page_size=50"
    assert listing.url(sort="name") == "/list/?q=sato&role=1&sort=name&page_size=50"
    assert listing.url(q=None, role=None, sort=None, page_size=None) == "/list/"


@given(
    st.dictionaries(
        st.sampled_from(["q", "page", "page_size", "sort", "status", "role", "x"]),
        st.text(max_size=30),
    )
)
def test_no_address_breaks_it(args: dict[str, str]) -> None:
    listing = Listing.read(
        MultiDict(args),
        path="/list/",
        filters=[STATE, ROLE],
        order_columns=ORDERS,
        base_order=("name", "asc"),
    )
    query: Any = listing.order(listing.narrow(select(Account)), Account.id)
    assert listing.page >= 1
    assert "\x00" not in listing.q
    assert str(query)
