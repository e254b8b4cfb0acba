"""`python -m app.serve`, which is `make run`: upgrade, web server and worker as one tree of
processes.

Here: starting them, watching them, stopping them together. Not here: what they do. In production a
supervisor does this part (docs/operating.md).
"""

from __future__ import annotations

import errno
import signal
import socket
import sys
import time
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address

import click

from app.kernel.i18n import _, in_language
from app.process_tree import Child, Tree
from config import Settings

THREADS = 8
CONNECTIONS = 800
"""Of one process: below the 1,024 open files that most systems allow."""
READY_PATIENCE = 60


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
        "app.http.buffered_worker.BufferedWorker",
        "--workers",
        str(settings.web_workers),
        "--threads",
        str(THREADS),
        "--worker-connections",
        str(CONNECTIONS),
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
    tree = Tree(
        Child("web server", web_command(settings)),
        Child("worker", worker_command()),
    )
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, tree.ask_to_stop)
    click.echo("Preparing the database …", err=True)
    greeting = prepare(settings)
    click.echo("Starting the web server and the worker …", err=True)
    try:
        tree.start()
        return _stay(tree, settings, greeting)
    finally:
        tree.stop()


def prepare(settings: Settings) -> list[str]:
    """Upgrade the database; return what to say once the portal answers."""
    from app import create_app
    from app.setup import service as setup
    from app.upgrade import upgrade

    app = create_app(settings, check_database=False)
    with app.app_context(), in_language(settings.default_language):
        upgrade()
        link = setup.new_link()
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
