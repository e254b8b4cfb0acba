"""Every attribute of Flask-AppBuilder's views is honoured, or refused with what to write. It …

Here: a case for each that its classes have. Not here: mistakes (test_checks).
"""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder.baseviews import BaseCRUDView, BaseModelView, BaseView
from sqlalchemy import select

from app.access.authorities import everything
from app.extensions import db
from app.model_views.checks.view_checks import INSTEAD, ScreenError, ensure_sound
from tests.cast import Cast
from tests.model_views import attribute_cases, form_cases
from tests.model_views.bench import HONOURED, Bench
from tests.portal_client import PortalClient
from tests.rest.conftest import Caller, issued

assert attribute_cases and form_cases, "they fill HONOURED"
PACKAGE = "workshop"
CLASSES = (BaseView, BaseModelView, BaseCRUDView)


def attributes(of: type[Any]) -> list[str]:
    """The public attributes of a class of FAB's that are no methods."""
    return [
        name
        for name, value in vars(of).items()
        if not name.startswith("_") and not inspect.isroutine(value)
    ]


EVERY = [name for of in CLASSES for name in attributes(of)]


@pytest.fixture
def bench(app: Flask, cast: Cast, tanaka: PortalClient, package: ModuleType) -> Bench:
    """A browser and a program among some tools."""
    key, secret = issued(cast.membership(cast.tanaka), everything())
    opened, closed = package.Shelf(name="open"), package.Shelf(name="closed", is_open=False)
    tools = [
        package.Tool(name="hammer", code="H", grade=1, colour="red"),
        package.Tool(name="hoe", code="A", grade=3, colour="red"),
        package.Tool(name="hook", code="B", grade=3, colour="blue", shelf=opened),
        package.Tool(name="saw", code="S", grade=2, colour="red", shelf=closed),
    ]
    for row in (opened, closed, *tools):
        row.organization_id = cast.aozora.id
        db.session.add(row)
    db.session.commit()
    return Bench(tanaka, Caller(app, secret, key), package, app)


def test_reads_as_many_attributes_as_flask_appbuilder_has() -> None:
    """T2-81: a new version of Flask-AppBuilder with one more fails here until it has a case."""
    assert [len(attributes(of)) for of in CLASSES] == [16, 11, 42]
    known = {*HONOURED, *INSTEAD}
    assert not {*EVERY} - known, "honour it (a case in attribute_cases.py) or refuse it (checks.py)"
    assert not {*HONOURED} & {*INSTEAD}


@pytest.mark.parametrize("attribute", [name for name in EVERY if name in INSTEAD])
def test_refuses_what_nothing_reads(attribute: str, package: ModuleType) -> None:
    view = type("SaidView", (package.ShelfView,), {attribute: "x", "word": "said"})
    with pytest.raises(ScreenError) as refused:
        ensure_sound(view)
    assert f"{attribute} is not read here: {INSTEAD[attribute]}." in str(refused.value)


@pytest.mark.parametrize("attribute", [name for name in EVERY if name not in INSTEAD])
def test_honours(attribute: str, bench: Bench) -> None:
    HONOURED[attribute](bench)


def test_base_filters_bound_every_door(bench: Bench) -> None:
    """T2-80: a row that is filtered away does not exist for any door."""
    hook = bench.row("hook").id
    here = "/o/aozora/red_tools"
    for path in (f"show/{hook}", f"edit/{hook}", f"delete/{hook}"):
        assert bench.browser.get(f"{here}/{path}").status_code == 404
    form = {"action": "remove_selected", "rowid": [str(hook)]}
    bench.browser.act(f"{here}/action_post", form, page=f"{here}/list/")
    assert db.session.scalar(select(bench.tools.Tool.id).where(bench.tools.Tool.id == hook))
    assert "hook" not in bench.browser.get(f"{here}/export?format=csv").get_data(as_text=True)
    assert "hammer" in bench.browser.get(f"{here}/export?format=csv").get_data(as_text=True)
    assert bench.program("GET", f"/red_tools/{hook}").status_code == 404
    assert bench.program("PATCH", f"/red_tools/{hook}", json={"name": "h"}).status_code == 404
    told = bench.program("GET", "/red_tools").get_json()
    assert [one["name"] for one in told["items"]] == ["hammer", "hoe"] and told["total"] == 2


def test_hooks_refuse_and_a_refusal_stands_at_its_field(bench: Bench) -> None:
    answer = bench.browser.submit("/o/aozora/tools/add", {"name": "anvil"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400 and "That is too heavy." in page and 'value="anvil"' in page
    assert bench.program("POST", "/tools", json={"name": "anvil"}).status_code == 400


def test_what_the_database_refuses_is_said_in_the_views_words(bench: Bench) -> None:
    shelf = bench.shelf("open").id
    answer = bench.browser.submit(f"/o/aozora/shelves/delete/{shelf}", {})
    assert "Empty the shelf first" in bench.browser.get(answer.location).get_data(as_text=True)
    twice = bench.browser.submit("/o/aozora/tools/add", {"name": "hoe", "grade": "3"})
    assert twice.status_code == 409
    assert "Somebody bought that" in twice.get_data(as_text=True)
