"""Posting: a letter becomes a row in the caller's transaction.

Here: rendering both parts in the recipient's language; trying a letter again, withdrawing it, a
test letter. Not here: SMTP (outbox.delivery).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import make_msgid, parseaddr
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template
from sqlalchemy import ColumnElement, or_, update

from app.access.seat import Seat
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import in_language, lazy
from app.models import Invite, Letter, LetterState, Organization
from app.outbox import after_commit, failures, of_batches
from app.outbox.kinds import FIRST_SIGN_IN
from app.outbox.message import one_line, travel_address

NOT_LEFT = (LetterState.WAITING, LetterState.DEAD, LetterState.HELD)


class NothingToRetry(Refusal):
    """A letter that has left, or whose content is gone, cannot be tried again."""

    status = 409
    text = lazy(
        "This letter cannot be sent again: it has already left, or was dropped because it was out"
        " of date."
    )


@dataclass(frozen=True)
class Draft:
    """A letter before it is posted: which templates, to whom, in which language, with
    which words."""

    kind: str
    to: str
    language: str
    words: Mapping[str, Any] = field(default_factory=dict)
    organization: Organization | None = None
    invite_id: int | None = None
    stale_after: timedelta | None = None


def post(draft: Draft, *, now: datetime) -> Letter:
    """Write the letter into the outbox; it leaves only if the caller's transaction commits. Raises
    UnsendableAddress.
    """
    travel_address(draft.to)
    subject, text, html = _render(draft)
    letter = Letter(
        message_id=make_msgid(domain=_own_domain()),
        kind=draft.kind,
        organization_id=draft.organization.id if draft.organization else None,
        invite_id=draft.invite_id,
        recipient=draft.to,
        language=draft.language,
        subject=one_line(subject),
        text=text.strip() + "\n",
        html=html,
        state=LetterState.WAITING,
        created_at=now,
        due_at=now,
        stale_at=now + draft.stale_after if draft.stale_after else None,
        attempts=0,
    )
    of_batches.mark(letter, now=now)
    db.session.add(letter)
    after_commit.run_job()
    return letter


def post_each(drafts: Iterable[Draft], *, now: datetime) -> None:
    """Write several letters."""
    for draft in drafts:
        post(draft, now=now)


def _own_domain() -> str:
    """Return the domain that letters come from, as message ids hold it."""
    domain = parseaddr(current_app.config["SETTINGS"].mail_sender)[1].rpartition("@")[2]
    return domain if domain and domain.isascii() else "localhost"


def post_test(by: Seat, *, now: datetime) -> Letter:
    """Post a test letter to the person who asks for it, in their language (B-87)."""
    account = by.account
    activity.record(events.TEST_LETTER_SENT, now=now, by=by, subject=account)
    return post(
        Draft(kind="test", to=account.email, language=account.language, words={"asked_at": now}),
        now=now,
    )


def can_retry(letter: Letter) -> bool:
    """Whether there is anything left to send."""
    return letter.state in NOT_LEFT and bool(letter.text)


def retry(letter: Letter, *, now: datetime) -> None:
    """Make a waiting or dead letter due at once, with all its tries ahead."""
    if not can_retry(letter):
        raise NothingToRetry()
    letter.state, letter.due_at, letter.attempts = LetterState.WAITING, now, 0
    after_commit.run_job()


def withdraw(invite: Invite, *, now: datetime) -> None:
    """Drop the letters of an invitation that have not left: their link is dead."""
    _drop(Letter.invite_id == invite.id, now=now)


def withdraw_first_sign_in(*addresses: str, now: datetime) -> bool:
    """Drop the letters of a first sign-in to addresses that have not left: newer ones count. Return
    whether there were any.
    """
    return _drop(Letter.recipient.in_(addresses), Letter.kind.in_(FIRST_SIGN_IN), now=now)


def _drop(*which: ColumnElement[bool], now: datetime) -> bool:
    db.session.flush()
    dropped: Any = db.session.execute(
        update(Letter)
        .where(*which, Letter.state.in_(NOT_LEFT))
        .where(or_(Letter.lease_until.is_(None), Letter.lease_until < now))
        .values(state=LetterState.DROPPED, reason=failures.WITHDRAWN, text="", html="")
    )
    return bool(dropped.rowcount)


def portal_url(path: str) -> str:
    """Return the public address of a local path; links in letters never come from the request's
    host.
    """
    base = current_app.config["SETTINGS"].portal_url
    if urlsplit(path).netloc or not path.startswith("/"):
        raise ValueError(f"not a local path: {path!r}")
    return f"{base}{path}"


def _render(draft: Draft) -> tuple[str, str, str]:
    folder, suffix = (
        f"mail/{draft.kind}",
        "ja" if draft.language.startswith("ja") else draft.language,
    )
    words = dict(draft.words) | {
        "portal_url": portal_url("/"),
        "organization": draft.organization,
        "language": draft.language,
    }

    def part(name: str, ending: str) -> str:
        return render_template(
            [f"{folder}/{name}.{suffix}.{ending}", f"{folder}/{name}.en.{ending}"], **words
        )

    with in_language(draft.language):
        return part("subject", "txt"), part("body", "txt"), part("body", "html")
