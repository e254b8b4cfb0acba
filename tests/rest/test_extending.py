"""An endpoint of an integrator's own, as docs/api.md writes it; and what is answered when an
endpoint breaks.

Here: the page's code, run. Not here: its lines for the shell (test_docs.py).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder import expose
from sqlalchemy.exc import OperationalError

from app import create_app
from app.extensions import db
from app.registration import Screen
from app.rest.api import PortalApi, operation
from app.upgrade import upgrade
from tests import cast as people
from tests.conftest import settings_for
from tests.rest.conftest import Caller, issued

CODE = re.findall(
    r"```python\n(.*?)```", (Path(__file__).parents[2] / "docs" / "api.md").read_text(), re.DOTALL
)


class BreakingApi(PortalApi):
    """An endpoint with a mistake, and one whose database is away."""

    resource_name = "breaking"
    class_permission_name = "Api"
    method_permission_name = {"mistake": "read", "away": "read"}

    @expose("/mistake", methods=["GET"])
    @operation("Break")
    def mistake(self) -> None:
        raise ZeroDivisionError("a secret of the inside")

    @expose("/away", methods=["GET"])
    @operation("Lose the database")
    def away(self) -> None:
        raise OperationalError("a secret of the inside", None, ConnectionError("gone"))


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, str]:
    """A portal with both, and the secret of a key."""
    names: dict[str, Any] = {"__name__": "greetings"}
    exec("\n".join(CODE), names)
    app = create_app(
        settings_for(tmp_path_factory.mktemp("instance")),
        more=(Screen(names["GreetingsApi"]), Screen(BreakingApi)),
        check_database=False,
    )
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        upgrade()
        cast = people.assemble()
        _key, secret = issued(cast.membership(cast.suzuki), ["user_viewer"])
        db.session.remove()
    return app, secret


def test_the_endpoint_of_the_page_works(extended: tuple[Flask, str]) -> None:
    app, secret = extended
    caller = Caller(app, secret)
    assert caller("POST", "/greetings", json={"name": "Jane"}).get_json() == {
        "sentence": "株式会社あおぞら greets Jane."
    }
    refused = caller("POST", "/greetings", json={"name": ""})
    assert refused.status_code == 422 and refused.get_json()["fields"] == [
        {"field": "name", "message": "Fill this in."}
    ]
    assert app.test_client().post("/api/v1/greetings", json={"name": "Jane"}).status_code == 401
    described = app.test_client().get("/api/v1/openapi.json").get_json()
    assert described["paths"]["/api/v1/greetings"]["post"]["summary"] == "Greet somebody"
    assert "/api/v1/greetings" in app.test_client().get("/swagger/v1").get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "status", "name"), [("mistake", 500, "InternalError"), ("away", 503, "Unavailable")]
)
def test_tells_nothing_of_the_inside(
    extended: tuple[Flask, str], path: str, status: int, name: str
) -> None:
    """ASVS 13.4.2, 16.5.1, 16.5.2: a name and the request's name, in JSON like every other no."""
    app, secret = extended
    answer = Caller(app, secret)("GET", f"/breaking/{path}")
    said = answer.get_json()
    assert (answer.status_code, said["error"]) == (status, name) and set(said) == {
        "error",
        "message",
        "request_id",
        "type",
        "title",
        "status",
        "detail",
    }
    assert said["request_id"] == answer.headers["X-Request-Id"] and "secret" not in answer.get_data(
        as_text=True
    )
    assert (answer.headers.get("Retry-After") is not None) == (status == 503)
