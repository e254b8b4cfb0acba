"""A case for each attribute of Flask-AppBuilder that lists, pages and routes have.

Here: what it does, seen from outside. Not here: forms (form_cases), which attributes there are
(test_attributes).
"""

from __future__ import annotations

import re

from app.access.policy import GRANTS
from app.extensions import db
from app.screens.frame.builder import find_view
from tests.model_views.bench import HERE, Bench, case, inputs


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
    assert bench.listed("shelved_tools/list/?longer=3") == ["hook"]
    assert "than three" in bench.page("shelved_tools/list/?longer=3")
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
    assert bench.listed("shelved_tools/list/") == ["hook"]
    assert "hook" in bench.page("shelved_tools/export?format=csv")
    assert bench.status("shelved_tools/add") == 404
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


@case("route_base", "default_view", "class_permission_name", "method_permission_name")
def addresses(bench: Bench) -> None:
    assert "This is the start of the toolbox" in bench.page("toolbox/start")
    assert f"{HERE}/toolbox/start" in bench.page("")
    assert not any(view == "own_tools" for view, _permission in GRANTS)


@case("related_views")
def related(bench: Bench) -> None:
    """Shown in test_contracts."""
    assert find_view(bench.tools.ShelfView).related_views in (None, [])
