"""Charts in the words of FAB's GroupByChartView. It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy.orm import Mapped, mapped_column

from app.access.policy import GrantError
from app.extend import (
    GroupByChartView,
    OrganizationInterface,
    Translated,
    aggregate_avg,
    aggregate_count,
    aggregate_sum,
)
from app.extensions import db
from app.model_views.drawing.charts import ensure_drawable
from app.model_views.registering import enter_charts
from tests.cast import Cast
from tests.model_views import made
from tests.model_views.conftest import HERE
from tests.portal_client import PortalClient


def bars(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'fw-normal"?>([^<]+)</th>.*?text-nowrap"?>([^<]+)</td>', page, re.DOTALL)
    return [(label.strip(), value.strip()) for label, value in found]


@pytest.fixture
def lent(cast: Cast, devices: ModuleType) -> None:
    """Three devices here, one of another organization."""
    here, there = (cast.membership(one).organization_id for one in (cast.tanaka, cast.yamada))
    for number, (organization, kind, day) in enumerate(
        [
            (here, "laptop", date(2026, 10, 31)),
            (here, "laptop", date(2026, 11, 1)),
            (here, "phone", None),
            (there, "phone", date(2026, 11, 1)),
        ]
    ):
        db.session.add(
            devices.Device(
                organization_id=organization, name="x", serial=str(number), kind=kind, lent_on=day
            )
        )
    db.session.commit()


def test_groups_the_organization_s_rows_by_words_and_by_month(
    lent: None, tanaka: PortalClient
) -> None:
    page = tanaka.get(f"{HERE}/charts/").get_data(as_text=True)
    assert bars(page) == [
        ("Laptop", "2"),
        ("Phone", "1"),
        ("Oct 2026", "1"),
        ("Nov 2026", "1"),
        ("none", "1"),
    ]


def test_costs_one_statement_a_chart(
    lent: None, tanaka: PortalClient, statements: Callable[[], list[str]]
) -> None:
    tanaka.get(f"{HERE}/charts/")
    statements()
    tanaka.get(f"{HERE}/charts/")
    assert sum("GROUP BY" in one for one in statements()) == 2


def test_stands_beside_the_list_and_opens_with_its_authorities(
    cast: Cast, tanaka: PortalClient, as_: Callable[..., PortalClient]
) -> None:
    assert f'href="{HERE}/charts/"' in tanaka.get(f"{HERE}/list/").get_data(as_text=True)
    assert as_(cast.smith).get(f"{HERE}/charts/").status_code == 403
    assert as_(cast.yamada).get(f"{HERE}/charts/").status_code == 404


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        ({"group": "colour", "series": []}, "group 'colour' is no column of Device"),
        ({"group": "kind", "series": [(len, "id")]}, "aggregate_count, aggregate_sum"),
        ({"group": "kind", "series": [(aggregate_sum, "name")]}, "'name' is no number; write"),
        ({"group": "kind", "series": [(aggregate_avg, "lent_on")]}, "'lent_on' is no number"),
    ],
)
def test_is_refused_at_start_with_what_to_write(
    devices: ModuleType, definition: dict[str, Any], sentence: str
) -> None:
    class WrongChartView(GroupByChartView):
        datamodel = OrganizationInterface(devices.Device)
        definitions = [definition]

    with pytest.raises(GrantError, match=sentence):
        enter_charts(WrongChartView)


def test_groups_by_no_text_of_several_languages() -> None:
    """Each language would be a group of its own."""
    with made.models():
        title = made.model(
            "Notice",
            annotations={"title": Mapped[dict[str, str]]},
            title=mapped_column(Translated(40)),
        )

        class NoticeChartView(GroupByChartView):
            datamodel = OrganizationInterface(title)
            definitions = [{"group": "title", "series": [(aggregate_count, "id")]}]

        with pytest.raises(ValueError, match="group 'title' is no column of Notice that rows"):
            ensure_drawable(NoticeChartView)
