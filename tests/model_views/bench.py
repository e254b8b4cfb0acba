"""Where the cases of Flask-AppBuilder's attributes are tried.

Here: the bench, and the table of cases. Not here: the cases (attribute_cases, form_cases).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.extensions import db
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


def inputs(page: str) -> list[str]:
    """The names of the fields of a form, in order."""
    form = page[page.index("novalidate") :]
    found = re.findall(r'<(?:input|select|textarea)[^>]* name="?([a-z_]+)', form)
    return [one for one in dict.fromkeys(found) if one not in ("csrf_token", "seen", "next")]
