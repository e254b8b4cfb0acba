"""Visitors: a browser's part of the bench: signing in, and asking for pages over connections that
stay open.

Here: HTTP. Not here: which pages, and what the times mean (bench.rounds).
"""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from app.demo.service import PASSWORD as DEMO_PASSWORD
from bench import stock
from bench.servers import HOST, PORTAL, STOCK, Server

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
CREDENTIALS = {
    PORTAL: {"login_id": "tanaka", "password": DEMO_PASSWORD},
    STOCK: {"username": stock.LOGIN, "password": stock.PASSWORD},
}
TIMEOUT = 60


@dataclass
class Answer:
    """What came back."""

    status: int
    body: bytes
    headers: dict[str, str]


@dataclass
class Visitor:
    """Somebody signed in to a server."""

    server: Server
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    def sign_in(self) -> Visitor:
        """Sign in as a person would, by the form."""
        page = self.get("/login/").body.decode()
        found = TOKEN.search(page)
        form = CREDENTIALS[self.server.name] | {"csrf_token": found[1] if found else ""}
        with self._connected() as connection:
            connection.request(
                "POST",
                "/login/",
                urlencode(form),
                self._headers() | {"Content-Type": "application/x-www-form-urlencoded"},
            )
            answer = self._read(connection)
        if answer.status != HTTPStatus.FOUND:
            raise SystemExit(f"The sign-in to the {self.server.name} answered {answer.status}.")
        return self

    def get(self, path: str) -> Answer:
        """Ask for one page over a connection of its own."""
        with self._connected() as connection:
            connection.request("GET", path, headers=self._headers())
            return self._read(connection)

    def latency(self, path: str, times: int) -> list[float]:
        """Ask for a page again and again, alone; return the seconds each answer took."""
        took = []
        with self._connected() as connection:
            for _time in range(times):
                began = time.perf_counter()
                self._ask(connection, path)
                took.append(time.perf_counter() - began)
        return took

    def rate(self, path: str, *, clients: int, seconds: float) -> float:
        """Return how many answers a second so many clients get, each over one connection that stays
        open.
        """
        with ThreadPoolExecutor(clients) as pool:
            began = time.perf_counter()
            counts = list(
                pool.map(lambda _client: self._keep_asking(path, began + seconds), range(clients))
            )
            return sum(counts) / (time.perf_counter() - began)

    def _keep_asking(self, path: str, until: float) -> int:
        count = 0
        with self._connected() as connection:
            while time.perf_counter() < until:
                self._ask(connection, path)
                count += 1
        return count

    def _ask(self, connection: HTTPConnection, path: str) -> None:
        connection.request("GET", path, headers=self._headers())
        answer = connection.getresponse()
        answer.read()
        if answer.status != HTTPStatus.OK:
            raise SystemExit(f"{path} of the {self.server.name} answered {answer.status}.")

    def _read(self, connection: HTTPConnection) -> Answer:
        answer = connection.getresponse()
        body = answer.read()
        for value in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(value)
        return Answer(answer.status, body, dict(answer.headers.items()))

    def _headers(self) -> dict[str, str]:
        return {
            "Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items()),
            "Connection": "keep-alive",
        }

    def _connected(self) -> _Connection:
        return _Connection(HOST, self.server.port, timeout=TIMEOUT)


class _Connection(HTTPConnection):
    """A connection that closes at the end of a `with`."""

    def __enter__(self) -> _Connection:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
