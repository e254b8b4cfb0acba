"""A case for each attribute of Flask-AppBuilder that is honoured.

Here: what it does, seen from outside. Not here: which attributes there are (test_attributes).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DataError

from app.access.policy import GRANTS
from app.extensions import db
from app.model_views.refusing import Unkept, in_words_of
from app.screens.builder import find_view
from tests.model_views.conftest import names
from tests.portal_client import PortalClient
from tests.rest.conftest import Caller

HERE = "/o/aozora"


@dataclass
class Bench:
    """A browser and a program among some tools."""

    browser: PortalClient
    program: Caller
    tools: ModuleType
    app: Flask

    def page(self, path: str) -> str:
        """What stands on a page."""
        answer = self.browser.get(f"{HERE}/{path}")
        assert answer.status_code == 200, (path, answer.status_code)
        return str(answer.get_data(as_text=True))

    def status(self, path: str) -> int:
        return int(self.browser.get(f"{HERE}/{path}").status_code)

    def sent(self, path: str, **values: str) -> Any:
        return self.browser.submit(f"{HERE}/{path}", values)

    def row(self, name: str) -> Any:
        found = select(self.tools.Tool).where(self.tools.Tool.name == name)
        return db.session.scalars(found).one()

    def shelf(self, name: str) -> Any:
        found = select(self.tools.Shelf).where(self.tools.Shelf.name == name)
        return db.session.scalars(found).one()

    def listed(self, path: str) -> list[str]:
        return names(self.browser.get(f"{HERE}/{path}"))


Case = Callable[[Bench], None]
HONOURED: dict[str, Case] = {}


def case(*attributes: str) -> Callable[[Case], Case]:
    """Say of which attributes a function is the case."""

    def enter(function: Case) -> Case:
        HONOURED.update(dict.fromkeys(attributes, function))
        return function

    return enter


@case("datamodel", "list_title", "show_title", "add_title", "edit_title")
def titles(bench: Bench) -> None:
    assert "Our tools" in bench.page("tools/list/") and "Buy a tool" in bench.page("tools/add")
    assert "Mend a tool" in bench.page(f"tools/edit/{bench.row('saw').id}")
    assert find_view(bench.tools.ToolView).show_title == "One tool"


@case("list_columns", "label_columns", "formatters_columns")
def columns(bench: Bench) -> None:
    page = bench.page("tools/list/")
    assert "Inventory code" in page and "no. H" in page and "hammer!" in page
    assert "Grade" not in re.findall(r"<th[^>]*>\s*([^<]+)", page)


@case("show_columns", "show_exclude_columns")
def facts(bench: Bench) -> None:
    page = bench.page(f"tools/show/{bench.row('saw').id}")
    assert re.findall(r"<dt>([^<]+)", page) == ["Name", "Grade", "Loud"]
    kept = bench.program("GET", f"/tools/{bench.row('saw').id}").get_json()
    assert {*kept} == {"id", "version", "name", "grade", "code", "shelf"}
    assert "price" not in find_view(bench.tools.KeptToolView).show_columns


@case("add_columns", "edit_columns", "add_exclude_columns", "edit_exclude_columns")
def forms(bench: Bench) -> None:
    assert inputs(bench.page("tools/add")) == ["name", "code", "grade", "shelf", "twice"]
    saw = bench.row("saw").id
    assert inputs(bench.page(f"tools/edit/{saw}")) == ["name", "grade", "shelf", "again"]
    assert "price" not in inputs(bench.page("kept_tools/add"))
    assert "colour" in inputs(bench.page("kept_tools/add"))
    assert "colour" not in inputs(bench.page(f"kept_tools/edit/{saw}"))
    refused = bench.program("PATCH", f"/tools/{saw}", json={"code": "Z"})
    assert refused.status_code == 422 and "code" in refused.get_data(as_text=True)


@case("order_columns", "base_order")
def orders(bench: Bench) -> None:
    assert bench.listed("tools/list/") == ["hoe", "hook", "saw", "hammer"]
    assert bench.listed("tools/list/?sort=code") == ["hoe", "hook", "hammer", "saw"]
    assert bench.listed("tools/list/?sort=-name") == ["hoe", "hook", "saw", "hammer"]
    assert bench.program("GET", "/tools?sort=name").status_code == 422
    assert bench.listed("red_tools/list/") == ["hammer", "hoe"]
    assert bench.listed("red_tools/list/?sort=-grade") == ["hoe", "hammer"]


@case("page_size")
def sizes(bench: Bench) -> None:
    assert bench.program("GET", "/tools").get_json()["page_size"] == 50
    assert bench.program("GET", "/shelves").get_json()["page_size"] == 25
    organization = bench.row("saw").organization_id
    for number in range(60):
        db.session.add(bench.tools.Tool(name=f"nail {number}", organization_id=organization))
    db.session.commit()
    assert len(bench.listed("tools/list/")) == 50
    assert len(bench.listed("tools/list/?page_size=25")) == 25
    assert len(bench.listed("shelves/list/")) == 2


@case("search_columns", "search_exclude_columns", "search_form_query_rel_fields")
def searches(bench: Bench) -> None:
    assert bench.listed("tools/list/?q=ho") == ["hoe", "hook"]
    assert bench.listed("tools/list/?q=H") == ["hoe", "hook", "hammer"]
    assert len(bench.listed("tools/list/?colour=blue")) == 4, "excluded: no such filter"
    assert bench.listed("tools/list/?shelf=open") == ["hook"]
    assert bench.listed("tools/list/?shelf=closed") == []


@case("base_filters")
def bounds(bench: Bench) -> None:
    assert bench.listed("red_tools/list/") == ["hammer", "hoe"]
    assert bench.status(f"red_tools/show/{bench.row('saw').id}") == 404


@case("base_permissions")
def permitted(bench: Bench) -> None:
    hoe = bench.row("hoe").id
    page = bench.page("seen_tools/list/")
    assert "seen_tools/add" not in page and "remove_selected" not in page
    assert "seen_tools/export" not in page
    assert bench.status(f"seen_tools/show/{hoe}") == 200
    for path in ("add", f"edit/{hoe}", f"delete/{hoe}", "export", "pick/shelf?q=a"):
        assert bench.status(f"seen_tools/{path}") == 404, path
    assert bench.program("GET", f"/seen_tools/{hoe}").status_code == 200
    assert bench.program("DELETE", f"/seen_tools/{hoe}").status_code == 405


@case("include_route_methods")
def included(bench: Bench) -> None:
    page = bench.page("bare_tools/list/")
    assert "hoe" in page and "bare_tools/show" not in page and "bare_tools/add" not in page
    assert bench.status(f"bare_tools/show/{bench.row('hoe').id}") == 404
    assert bench.program("POST", "/bare_tools", json={"name": "x"}).status_code == 405


@case("exclude_route_methods")
def excluded(bench: Bench) -> None:
    hoe = bench.row("hoe").id
    page = bench.page("kept_tools/list/")
    assert "kept_tools/edit/" in page and "kept_tools/show" not in page
    assert "remove_selected" not in page
    assert bench.status(f"kept_tools/delete/{hoe}") == 404
    assert bench.status("kept_tools/download/x") == 404
    assert bench.sent(f"kept_tools/edit/{hoe}", name="hoe2").status_code == 302
    assert bench.program("DELETE", f"/kept_tools/{hoe}").status_code == 405


@case("description_columns", "validators_columns", "extra_args")
def rules(bench: Bench) -> None:
    assert "As on the sticker" in bench.page("tools/add")
    assert "No x, please" in bench.sent("tools/add", name="axe").get_data(as_text=True)
    refused = bench.program("POST", "/tools", json={"name": "axe"})
    assert refused.status_code == 422 and "No x, please" in refused.get_data(as_text=True)
    assert bench.program("POST", "/tools", json={"name": "rake"}).status_code == 201
    assert find_view(bench.tools.ToolView).extra_args["greeting"] == "Hello from extra_args"


@case("add_form_extra_fields", "edit_form_extra_fields")
def extra(bench: Bench) -> None:
    assert bench.sent("tools/add", name="rake", twice="y").location == "/after-add"
    assert bench.row("rake").price == 2
    page = bench.page(f"tools/edit/{bench.row('rake').id}")
    assert f'value="prefilled {bench.row("rake").id}"' in page
    bench.sent(f"tools/edit/{bench.row('rake').id}", name="rake", again="once")
    assert bench.row("rake (once)")


@case("add_form_query_rel_fields", "edit_form_query_rel_fields")
def narrowed(bench: Bench) -> None:
    """T2-80: what is not offered is not taken, by nobody's form and nobody's program."""
    closed, opened = bench.shelf("closed").id, bench.shelf("open").id
    saw = bench.row("saw").id
    for which in ("", "/edit"):
        assert "data-value" not in bench.page(f"tools/pick/shelf{which}?q=closed")
        assert "data-value" in bench.page(f"tools/pick/shelf{which}?q=open")
    for path in ("tools/add", f"tools/edit/{saw}"):
        assert bench.sent(path, name="rake", shelf=f"#{closed}").status_code == 422
    body = {"name": "rake", "shelf": closed}
    assert bench.program("POST", "/tools", json=body).status_code == 422
    assert bench.program("PATCH", f"/tools/{saw}", json={"shelf": closed}).status_code == 422
    assert bench.program("PATCH", f"/tools/{saw}", json={"shelf": opened}).status_code == 200


@case("add_row_message", "edit_row_message", "delete_row_message")
def messages(bench: Bench) -> None:
    hoe = bench.row("hoe").id
    for path, sentence in (
        ("tools/add", "Bought it"),
        (f"tools/edit/{hoe}", "Mended it"),
        (f"tools/delete/{hoe}", "Threw it away"),
    ):
        bench.sent(path, name="spade")
        assert sentence in bench.page("tools/list/"), path


@case(
    "add_integrity_error_message",
    "edit_integrity_error_message",
    "delete_integrity_error_message",
)
def refusals(bench: Bench) -> None:
    twice = bench.sent("tools/add", name="new", code="H")
    assert twice.status_code == 409 and "Somebody bought that" in twice.get_data(as_text=True)
    edited = bench.sent(f"tools/edit/{bench.row('saw').id}", name="hoe", grade="3")
    assert edited.status_code == 409 and "Somebody mended that" in edited.get_data(as_text=True)
    bench.sent(f"shelves/delete/{bench.shelf('closed').id}")
    assert "Empty the shelf first" in bench.page("shelves/list/")


@case("database_error_message")
def frowns(bench: Bench) -> None:
    with pytest.raises(Unkept) as refused, in_words_of(find_view(bench.tools.ToolView), "add"):
        raise DataError("", {}, Exception())
    assert str(refused.value) == "The database frowns"


@case("show_fieldsets", "add_fieldsets", "edit_fieldsets")
def sets(bench: Bench) -> None:
    saw = bench.row("saw").id
    assert "Seen set" in bench.page(f"set_tools/show/{saw}")
    assert "Added set" in bench.page("set_tools/add")
    page = bench.page(f"set_tools/edit/{saw}")
    assert "Edited set" in page and inputs(page) == ["name"]


@case("list_template", "show_template", "add_template", "edit_template", "template_folder")
def templates(bench: Bench) -> None:
    saw = bench.row("saw").id
    for path in ("list/", f"show/{saw}", "add", f"edit/{saw}"):
        assert f"{re.split('/', path)[0]} template" in bench.page(f"set_tools/{path}")


@case("list_widget", "show_widget", "add_widget", "edit_widget")
def widgets(bench: Bench) -> None:
    page = bench.page("set_tools/list/")
    assert "<article" in page and "hammer" in page and "<dt>Code" in page
    assert "hammer" in bench.page(f"set_tools/show/{bench.row('hammer').id}")
    assert inputs(bench.page("set_tools/add")) == ["name", "code"]


@case("add_form", "edit_form")
def own_forms(bench: Bench) -> None:
    assert "A name of its own" in bench.page("toolbox/add")
    assert bench.sent("toolbox/add", name="pick").status_code == 302
    assert bench.row("pick")


@case("route_base", "default_view", "class_permission_name", "method_permission_name")
def addresses(bench: Bench) -> None:
    assert "This is the start of the toolbox" in bench.page("toolbox/start")
    assert f"{HERE}/toolbox/start" in bench.page("")
    assert not any(view == "own_tools" for view, _permission in GRANTS)


@case("limits")
def limited(bench: Bench) -> None:
    answers = [bench.sent("toolbox/add", name=f"n{number}").status_code for number in range(3)]
    assert answers == [302, 302, 429]


@case("related_views")
def related(bench: Bench) -> None:
    """Shown in test_contracts."""
    assert find_view(bench.tools.ShelfView).related_views in (None, [])


def inputs(page: str) -> list[str]:
    """The names of the fields of a form, in order."""
    form = page[page.index("novalidate") :]
    found = re.findall(r'<(?:input|select|textarea)[^>]* name="?([a-z_]+)', form)
    return [one for one in dict.fromkeys(found) if one not in ("csrf_token", "seen", "next")]
