"""SMTP: one conversation with the mail server, and what its answers mean.

Here: connecting, time limits, verdicts. Not here: which letters (outbox.delivery), what a letter
looks like (outbox.message).
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import ExitStack, suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import current_app
from flask_mail import Connection

from app.outbox import failures
from app.outbox.failures import NotNow, Rejected, Undelivered, Unreachable
from app.outbox.message import LetterMail, one_line

CONNECT_PATIENCE = 10.0
"""Seconds to wait for a connection, and for each answer until signed in."""
ANSWER_PATIENCE = 60.0
"""Seconds to wait for each answer to a letter; servers that scan for viruses take their time."""

FAREWELL_PATIENCE = 2.0


class MailServer:
    """The mail server, reached when first needed, over one connection for as long as it holds."""

    def __init__(self) -> None:
        self._connection: Connection | None = None

    def __enter__(self) -> MailServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def carry(self, mail: LetterMail) -> None:
        """Hand a letter to the server; raise Undelivered with the reason otherwise."""
        with Understood():
            try:
                self._connected().send(mail)
            except smtplib.SMTPServerDisconnected:
                self._hang_up()
                raise

    def _connected(self) -> Connection:
        if self._connection is not None and not _is_alive(self._connection.host):
            self._hang_up()
        if self._connection is None:
            connection = PatientConnection(current_app.extensions["mail"])
            self._connection = connection.__enter__()
        return self._connection

    def _hang_up(self) -> None:
        host = self._connection.host if self._connection else None
        self._connection = None
        if host is not None and host.sock is not None:
            host.sock.settimeout(FAREWELL_PATIENCE)
            with suppress(OSError, ValueError):
                host.quit()
            host.close()


class PatientConnection(Connection):
    """Flask-Mail's connection, with time limits and checked certificates."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt and sign in as the settings say."""
        patience = current_app.config.get("MAIL_PATIENCE")
        host = self._connect(min(CONNECT_PATIENCE, patience or CONNECT_PATIENCE))
        with ExitStack() as trouble:
            trouble.callback(host.close)
            if self.mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
            trouble.pop_all()
        if host.sock is not None:
            host.sock.settimeout(patience or ANSWER_PATIENCE)
        return host

    def _connect(self, patience: float) -> smtplib.SMTP:
        server, port, name = self.mail.server, self.mail.port or 25, _own_name()
        if self.mail.use_ssl:
            return smtplib.SMTP_SSL(
                server, port, name, timeout=patience, context=ssl.create_default_context()
            )
        return smtplib.SMTP(server, port, name, timeout=patience)


def _is_alive(host: smtplib.SMTP | None) -> bool:
    """Ask before each letter, so that a server that hung up meanwhile costs the letter nothing."""
    try:
        return host is not None and host.noop()[0] == 250
    except (OSError, ValueError):
        return False


def _own_name() -> str:
    """Name this machine as the portal is named; the resolver may take seconds to find another."""
    host = urlsplit(current_app.config["SETTINGS"].portal_url).hostname or "localhost"
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"


class Understood:
    """A `with` that turns whatever goes wrong in a conversation into a verdict: nothing else leaves
    it.
    """

    def __enter__(self) -> None:
        """There is nothing to prepare."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, Undelivered):
            raise _meant_by(error) from error


def _meant_by(error: Exception) -> Undelivered:
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _verdict(*next(iter(error.recipients.values())))
        case smtplib.SMTPDataError():
            return _verdict(error.smtp_code, error.smtp_error)
        case smtplib.SMTPSenderRefused():
            later = 400 <= error.smtp_code < 500
            return (NotNow if later else Unreachable)(_said(error.smtp_code, error.smtp_error))
        case smtplib.SMTPResponseException():
            return Unreachable(_said(error.smtp_code, error.smtp_error))
        case OSError():
            slow = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
            words = one_line(error.strerror or str(error)) or type(error).__name__
            return Unreachable(failures.TIMEOUT if slow else words)
        case ValueError():  # the words of a UnicodeError may hold the password
            return Unreachable(failures.SETTINGS)
    return Unreachable(type(error).__name__)


def _verdict(code: int, answer: bytes | str) -> Undelivered:
    return (Rejected if 500 <= code < 600 else NotNow)(_said(code, answer))


def _said(code: int, answer: bytes | str) -> str:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return one_line(f"{code} {words}")
