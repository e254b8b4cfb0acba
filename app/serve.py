"""`python -m app.serve`, which is `make run`: upgrade, web server and worker as one tree of
processes.

Here: starting them, watching them, stopping them together. Not here: what they do. In production a
supervisor does this part (docs/operating.md).
"""

from __future__ import annotations

import ctypes
import errno
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from types import FrameType

import click

from app.kernel.i18n import _, in_language
from config import ROOT, Settings

THREADS = 8
STOP_PATIENCE = 25
"""Seconds between asking a child to stop and killing it."""
READY_PATIENCE = 60
FLEETING = 10
"""A child that lived for fewer seconds than this did not really start."""
CHANCES = 3
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process of the tree, started again when it ends unasked."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    stumbles: int = 0

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches this tree's head alone."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.command, cwd=ROOT, start_new_session=True, preexec_fn=_end_with_parent
        )

    def is_lost(self) -> bool:
        """Look after it: start it again if it ended; return whether it keeps ending as soon as it
        starts.
        """
        if self.process is None or self.process.poll() is None:
            return False
        lived = time.monotonic() - self.started_at
        self.stumbles = self.stumbles + 1 if lived < FLEETING else 1
        if self.stumbles >= CHANCES:
            return True
        time.sleep(self.stumbles)
        self.start()
        return False

    def stop(self, deadline: float) -> None:
        """Wait for it to end after SIGTERM; kill it at the deadline."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Tree:
    """The web server and the worker, together for better or worse."""

    def __init__(self, settings: Settings) -> None:
        self.children = [
            Child("web server", web_command(settings)),
            Child("worker", worker_command()),
        ]
        self.is_stopping = False

    def ask_to_stop(self, _signum: int = 0, _frame: FrameType | None = None) -> None:
        """Remember that somebody wants the tree to end."""
        self.is_stopping = True

    def start(self) -> None:
        for child in self.children:
            child.start()

    def lost(self) -> Child | None:
        """Return the first child that cannot be kept alive."""
        return next((child for child in self.children if child.is_lost()), None)

    def stop(self) -> None:
        """End every child: asked first, killed later."""
        deadline = time.monotonic() + STOP_PATIENCE
        for child in self.children:
            if child.process is not None and child.process.poll() is None:
                child.process.terminate()
        for child in self.children:
            child.stop(deadline)


def web_command(settings: Settings) -> list[str]:
    """The web server: processes with threads, quiet, no control socket."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "app:create_app()",
        "--bind",
        f"{host}:{settings.port}",
        "--worker-class",
        "gthread",
        "--workers",
        str(settings.web_workers),
        "--threads",
        str(THREADS),
        "--graceful-timeout",
        "15",
        "--log-level",
        "warning",
        "--no-control-socket",
        "--forwarded-allow-ips",
        "",  # who is believed is TRUSTED_PROXIES' to say
    ]


def worker_command() -> list[str]:
    """The worker."""
    return [sys.executable, "-m", "flask", "--app", "app", "worker"]


def main() -> int:
    """Start everything, stay until told to stop; return the exit status."""
    settings = Settings.from_environment()
    if hindrance := why_not_listen(settings):
        click.echo(hindrance, err=True)
        return 1
    tree = Tree(settings)
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, tree.ask_to_stop)
    greeting = prepare(settings)
    try:
        tree.start()
        return _stay(tree, settings, greeting)
    finally:
        tree.stop()


def prepare(settings: Settings) -> list[str]:
    """Upgrade the database; return what to say once the portal answers."""
    from app import create_app
    from app.security.setup import setup_link
    from app.upgrade import upgrade

    app = create_app(settings, check_database=False)
    with app.app_context(), in_language(settings.default_language):
        upgrade()
        link = setup_link()
        lines = [_("Meibo is running at %(url)s (stop it with Ctrl-C).", url=settings.portal_url)]
        if settings.local_mailbox:
            lines.append(
                _(
                    "Letters are kept in the local mailbox: %(url)s",
                    url=f"{settings.portal_url}/mailbox/",
                )
            )
        if link:
            lines.append(
                _(
                    "First start: set up the portal with this link, which works once: %(url)s",
                    url=link,
                )
            )
    return lines


def why_not_listen(settings: Settings) -> str:
    """Return in one sentence why nobody could listen at our address, "" if somebody can."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            if error.errno == errno.EADDRINUSE:
                return (
                    f"{where} is in use. Stop what listens there, or choose another: PORT=8081"
                    " PORTAL_URL=http://127.0.0.1:8081 make run"
                )
            return f"Nothing can listen at {where}: {error.strerror}."
    return ""


def _end_with_parent() -> None:
    """Let the kernel end a child whose parent was killed; elsewhere than on Linux, nothing does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _stay(tree: Tree, settings: Settings, greeting: list[str]) -> int:
    give_up_at = time.monotonic() + READY_PATIENCE
    while not tree.is_stopping:
        if greeting and _answers(settings):
            click.echo("\n".join(greeting))
            greeting = []
        if greeting and time.monotonic() > give_up_at:
            click.echo("The web server does not answer.", err=True)
            return 1
        lost = tree.lost()
        if lost is not None:
            click.echo(f"The {lost.name} keeps ending; see above why.", err=True)
            return 1
        time.sleep(0.1)
    return 0


def _answers(settings: Settings) -> bool:
    connection = HTTPConnection(_reachable(settings.host), settings.port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": settings.public_host})
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    """Return where to find a server that listens at this address: at "every address", on
    loopback."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return ("::1" if address.version == 6 else "127.0.0.1") if address.is_unspecified else host


if __name__ == "__main__":
    sys.exit(main())
