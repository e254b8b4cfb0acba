"""Message: a letter as it travels, and the addresses it can travel to.

Here: headers, both parts, encodings; pure. Not here: what letters say (templates/mail/), sending
(outbox.smtp).
"""

from __future__ import annotations

import re
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from flask_mail import Message

from app.kernel.addresses import LONGEST, mailbox_or_none
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.kernel.text import has_control_characters
from app.models import Letter

SUBJECT_LENGTH = 300

_ASCII_DOMAIN = re.compile(r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")

WIRE = policy.SMTP.clone(cte_type="7bit")
"""Seven bits and CRLF: every mail server passes that on unchanged."""


class UnsendableAddress(Refusal):
    """Mail cannot be sent to this, however well it is meant."""

    text = lazy("Mail cannot be sent to “%(address)s”. An address looks like name@example.com.")


class UnusableSender(Exception):
    """The address that letters come from is none: the settings' fault, and no letter's."""


class LetterMail(Message):
    """A letter written out for Flask-Mail; raises UnusableSender, and UnsendableAddress or
    ValueError where the letter itself cannot be written.
    """

    def __init__(self, letter: Letter, sender: str) -> None:
        from_ = sender_address(sender)
        super().__init__(
            subject=letter.subject,
            recipients=[travel_address(letter.recipient)],
            sender=from_.addr_spec,
        )
        self.message_id, self.written_at = letter.message_id, letter.created_at
        self._bytes = written_out(letter, from_, str(self.recipients[0])).as_bytes()

    def as_bytes(self) -> bytes:
        """Return the mail as it goes over the wire, the same at every try."""
        return self._bytes


def written_out(letter: Letter, sender: Address, to: str) -> EmailMessage:
    """Return a letter as a mail: text and HTML as alternatives, marked as written by a machine."""
    mail = EmailMessage(policy=WIRE)
    mail["Subject"] = letter.subject
    mail["From"] = sender
    mail["To"] = to
    mail["Date"] = format_datetime(letter.created_at)
    mail["Message-ID"] = letter.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    mail["Content-Language"] = letter.language.replace("_", "-")
    return mail


def sender_address(sender: str) -> Address:
    """Return the address that letters come from. Raises UnusableSender."""
    name, address = parseaddr(sender)
    try:
        parsed = Address(name, addr_spec=address)
    except (ValueError, MessageError, IndexError) as error:
        raise UnusableSender(sender) from error
    if not (parsed.username and parsed.domain and address.isascii()):
        raise UnusableSender(sender)
    return parsed


def travel_address(address: str) -> str:
    """Return an address as mail servers write it: its domain in ASCII by IDNA 2008, loose dots
    quoted (D-C15); raise UnsendableAddress for what is none.
    """
    found = None if has_control_characters(address) else mailbox_or_none(address)
    return found.travels if found is not None else _of_the_house(address)


def _of_the_house(address: str) -> str:
    """An ASCII address that only a server of one's own takes, such as root@localhost."""
    local, _at, domain = address.rpartition("@")
    try:
        parsed = Address(addr_spec=address)
    except (ValueError, MessageError, IndexError) as error:
        raise UnsendableAddress(address=shown(address)) from error
    is_whole = local and local.isprintable() and _ASCII_DOMAIN.fullmatch(domain)
    if not is_whole or " " in local or len(address) > LONGEST or parsed.addr_spec != address:
        raise UnsendableAddress(address=shown(address))
    return address


def one_line(text: str) -> str:
    """Return text fit for a subject: one line, nothing unprintable, no longer than the outbox
    keeps.
    """
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1] + "…"


def shown(text: str) -> str:
    """Return what somebody typed, short and on one line, to be quoted in a sentence."""
    return one_line(text)[:80]
