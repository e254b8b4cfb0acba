"""docs/api.md: its lines for the shell are run as they stand, its tables are those of the code.

Here: the page on the API against the API. Not here: what the answers mean (the other tests).
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from app.rest import document
from app.rest.views import curl
from tests import factories
from tests.cast import Cast
from tests.rest.conftest import Caller, Give

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = [
    line
    for block in BLOCKS
    for line in block.replace("\\\n", " ").splitlines()
    if line.startswith("curl ")
]


def run(caller: Caller, command: str) -> Any:
    """Do what curl would."""
    words = iter(
        shlex.split(
            command.replace("$MEIBO_KEY", caller.secret).replace(
                "$MEIBO/", "http://localhost/api/v1/"
            )
        )[1:]
    )
    said: dict[str, Any] = {"headers": {}, "method": "", "data": None, "url": ""}
    for word in words:
        match word:
            case "-H":
                name, _, value = next(words).partition(": ")
                said["headers"][name] = value
            case "-X":
                said["method"] = next(words)
            case "-d":
                said["data"] = next(words)
            case _:
                said["url"] = word
    method = said["method"] or ("POST" if said["data"] else "GET")
    assert said["headers"]["Authorization"] == f"Bearer {caller.secret}"
    assert said["url"].startswith("http://localhost/api/v1/")
    return caller(
        method,
        said["url"].removeprefix("http://localhost/api/v1"),
        headers=said["headers"],
        data=said["data"],
    )


def test_every_command_works(cast: Cast, with_key: Give) -> None:
    """One after the other, as somebody tries them: member 3 of the page is smith."""
    smith = f"/members/{cast.membership(cast.smith).id}"
    caller = with_key(cast.tanaka)
    assert COMMANDS
    for command in COMMANDS:
        answer = run(caller, re.sub(r"/members/3\b", smith, command))
        assert answer.status_code < 300, f"{command}: {answer.get_data(as_text=True)}"


def test_every_operation_is_named(app: Flask) -> None:
    with app.test_request_context():
        paths = {
            one.path.removeprefix("/api/v1").replace("{pk}", "<id>") for one in document.endpoints()
        }
    for path in paths:
        whole, short = f"{path}`", f"…/{path.rpartition('/')[2]}`"
        assert whole in PAGE or short in PAGE, f"name {path} in docs/api.md"


def test_every_line_of_the_reference_works(app: Flask, cast: Cast, with_key: Give) -> None:
    """Each example that /swagger/v1 offers for copying, with ids that exist."""
    factories.account("john.roe")
    db.session.commit()
    with app.test_request_context():
        lines = [(one, curl(one)) for one in document.endpoints()]
    for one, line in lines:
        if "{pk}" in one.path:
            continue
        answer = run(
            with_key(cast.tanaka),
            line.replace('\'"$MEIBO_KEY"', "$MEIBO_KEY'").replace(
                "http://localhost/api/v1/", "$MEIBO/"
            ),
        )
        assert answer.status_code < 300, f"{line}: {answer.get_data(as_text=True)}"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_reference_shows_every_operation(app: Flask, language: str) -> None:
    """INTERFACE: /swagger/v1, for strangers too, without script or style of another site."""
    answer = app.test_client().get("/swagger/v1", headers={"Accept-Language": language})
    text = answer.get_data(as_text=True)
    with app.test_request_context():
        assert answer.status_code == 200 and all(one.path in text for one in document.endpoints())
    assert (
        "<style" not in text
        and "cdn" not in text
        and app.test_client().get("/api/v1/openapi.json").get_json()["openapi"] == "3.1.0"
    )
