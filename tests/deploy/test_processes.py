"""The processes of deploy/compose.yaml without containers: two web servers and two workers, with
the commands and settings of its files, on a real PostgreSQL, Redis and mail server.

Here: that it does not matter which of them answers. Not here: what the files say (test_files.py).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest

from config import ROOT
from tests.deploy.test_files import _environment, _instructions
from tests.servers import LOOPBACK, PostOffice, free_port

PATIENCE = 90
PASSWORD = "Kaede-Hills-2026!"
TOKEN = re.compile(r'name="csrf_token"[^>]*?value="([^"]+)"')
HOST = _environment()["PORTAL_HOST"]


@dataclass
class Fleet:
    """Two web servers and two workers."""

    environment: dict[str, str]
    ports: list[int]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def run(self, *command: str) -> str:
        """Run a command of the image to its end; return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, command: list[str]) -> None:
        whole = [sys.executable, "-m", *command]
        self.processes.append(subprocess.Popen(whole, cwd=ROOT, env=self.environment))

    def is_alive(self, port: int) -> bool:
        """Ask as the image's health check does."""
        command = [sys.executable, "deploy/alive.py"]
        environment = {**self.environment, "PORT": str(port)}
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


@dataclass
class Visitor:
    """A browser behind the proxy, which sends each request to another web server in turn."""

    ports: list[int]
    cookies: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    def connect(self) -> HTTPConnection:
        return HTTPConnection(LOOPBACK, self.ports[self.asked % len(self.ports)], timeout=30)

    def ask(self, path: str, data: dict[str, str] | None = None) -> tuple[HTTPResponse, str]:
        connection = self.connect()
        self.asked += 1
        headers = {
            "Host": HOST,
            "X-Forwarded-For": "192.0.2.7",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": HOST,
            "Referer": f"https://{HOST}{path}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        body = urlencode(data) if data is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST" if data is not None else "GET", path, body, headers)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer, answer.read().decode()

    def submit(self, path: str, data: dict[str, str]) -> HTTPResponse:
        """Open a form and send it."""
        token = TOKEN.search(self.ask(path)[1])
        assert token, f"no form at {path}"
        return self.ask(path, {"csrf_token": token[1], **data})[0]


def eventually(what: Callable[[], object]) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.2)
    return False


def _web(port: int) -> list[str]:
    """The image's own command, with one process of each on loopback."""
    command = next(rest for word, rest in _instructions() if word == "CMD")
    changed = {"0.0.0.0:8080": f"{LOOPBACK}:{port}", "2": "1"}
    return [changed.get(word, word) for word in json.loads(command)]


@pytest.fixture(scope="module")
def fleet(
    postgres_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fleet]:
    ports = [free_port(), free_port()]
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        **_environment(),
        "FLASK_APP": "app",
        "SECRET_KEY": "k" * 48,
        "DATABASE_URL": postgres_url,
        "REDIS_URL": redis_url,
        "INSTANCE_PATH": str(tmp_path_factory.mktemp("data")),
        "MAIL_SERVER": LOOPBACK,
        "MAIL_PORT": str(free_port()),
        "MAIL_USE_TLS": "",
        "MAIL_USERNAME": "",
    }
    made = Fleet(environment, ports)
    yield made
    for process in made.processes:
        process.terminate()
    for process in made.processes:
        process.wait(timeout=PATIENCE)


@pytest.mark.postgresql
def test_it_does_not_matter_which_of_them_answers(fleet: Fleet, smtp_server: PostOffice) -> None:
    fleet.environment["MAIL_PORT"] = str(smtp_server.port)
    upgrades = [
        subprocess.Popen(
            [sys.executable, "-m", "flask", "portal", "upgrade"], env=fleet.environment
        )
        for _ in range(2)
    ]
    assert [one.wait(timeout=PATIENCE) for one in upgrades] == [0, 0]
    printed = fleet.run(
        *("flask", "portal", "setup", "--organization-code", "acme", "--organization-name", "Acme"),
        *("--login-id", "root", "--email", "root@example.com", "--name", "Root"),
    )
    link = re.search(rf"https://{re.escape(HOST)}(/password/set/\S+)", printed)
    assert link, printed
    assert not fleet.is_alive(fleet.ports[0])
    for port in fleet.ports:
        fleet.start(_web(port))
    for _ in range(2):
        fleet.start(["flask", "worker"])
    for port in fleet.ports:
        assert eventually(lambda port=port: fleet.is_alive(port)), f"no web server at {port}"

    visitor = Visitor(fleet.ports)
    answer, _page = visitor.ask(link[1])
    path = link[1] if answer.status == 200 else (answer.getheader("Location") or "")
    assert visitor.submit(path, {"password": PASSWORD, "repeated": PASSWORD}).status == 302
    for _port in fleet.ports:
        answer, page = visitor.ask("/o/acme/members/list/")
        assert answer.status == 200
        assert "root@example.com" in page

    stranger = Visitor(fleet.ports)
    assert stranger.submit("/password/forgot/", {"login_id": "root"}).status in {200, 302}
    assert eventually(lambda: smtp_server.to("root@example.com"))
    time.sleep(2)  # the second worker would have sent it again by now
    assert len(smtp_server.to("root@example.com")) == 1

    fleet.processes[0].terminate()
    fleet.processes[0].wait(timeout=PATIENCE)
    answer, _page = Visitor(fleet.ports[1:], dict(visitor.cookies)).ask("/o/acme/members/list/")
    assert answer.status == 200
    assert not fleet.is_alive(fleet.ports[0])
