"""A case for each attribute of Flask-AppBuilder that forms have.

Here: what it does, seen from outside. Not here: lists and pages (attribute_cases).
"""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DataError

from app.model_views.writing.refusing import Unkept, in_words_of
from app.screens.frame.builder import find_view
from tests.model_views.bench import Bench, case, inputs


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


@case("add_form", "edit_form")
def own_forms(bench: Bench) -> None:
    assert "A name of its own" in bench.page("toolbox/add")
    assert bench.sent("toolbox/add", name="pick").status_code == 302
    assert bench.row("pick")
    page = bench.sent("toolbox/add", name="ladder")
    assert page.status_code == 422 and "Ladders stand" in page.get_data(as_text=True)
    for name, sentence in (("ladder", "Ladders stand"), ("a name too long", "At most 12")):
        refused = bench.program("POST", "/own_tools", json={"name": name})
        assert refused.status_code == 422 and sentence in refused.get_data(as_text=True)


@case("limits")
def limited(bench: Bench) -> None:
    answers = [bench.sent("toolbox/add", name=f"n{number}").status_code for number in range(3)]
    assert answers == [302, 302, 429]
