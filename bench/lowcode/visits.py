"""A walk through one framework: somebody signed in, opening and sending its forms.

Here: HTTP. Not here: what is asked (observations), and where the pages are (frameworks).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from bench.lowcode import pages
from bench.lowcode.frameworks import PASSWORD, Framework
from bench.lowcode.rows import Rows

NEW = {"name": "New", "kind": "laptop", "lent_on": "2026-02-01", "holder": ""}


@dataclass(frozen=True, eq=False)
class Visit:
    """A framework that runs, its rows, and a browser for each person."""

    framework: Framework
    app: Any
    rows: Rows
    opened: Callable[[], httpx.Client]

    @cache  # noqa: B019  a visit lives as long as its process
    def browser(self, name: str) -> httpx.Client:
        """Return the browser in which this person is signed in."""
        made = self.opened()
        page = made.get(self.framework.login)
        sent = pages.form(page.text, "username") | {"username": name, "password": PASSWORD}
        made.post(self.framework.login, data=sent)
        return made

    def get(self, who: str, path: str) -> httpx.Response:
        """Open a page."""
        return self.browser(who).get(path, follow_redirects=True)

    def add(self, who: str, **values: str) -> httpx.Response:
        """Open the form for a new device, fill it in and send it."""
        path = self.framework.add
        return self.send(who, path, pages.form(self.get("ann", path).text, "serial") | NEW | values)

    def edit(self, who: str, number: int, **values: str) -> httpx.Response:
        """Send a device's form with these values changed, as somebody who could open it would."""
        path = self.framework.edit % number
        return self.send(who, path, pages.form(self.get("ann", path).text, "serial") | values)

    def send(self, who: str, path: str, values: dict[str, str]) -> httpx.Response:
        """Send a form, and follow where it leads."""
        given = {name: value for name, value in values.items() if value != ""} | self._token(who)
        return self.browser(who).post(path, data=given, follow_redirects=True)

    def delete(self, who: str, number: int) -> httpx.Response:
        """Delete a device by its address, with whatever token the framework wants."""
        method, path = self.framework.delete
        sent = {"post": "yes", "id": str(number)} | self._token(who)
        data = sent if method == "POST" else None
        return self.browser(who).request(method, path % number, data=data, follow_redirects=True)

    def _token(self, who: str) -> dict[str, str]:
        """Django's token, which is its cookie's; the others want none unless told to."""
        token = self.browser(who).cookies.get("csrftoken")
        return {"csrfmiddlewaretoken": token} if token else {}
