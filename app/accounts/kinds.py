"""Kinds of batches over accounts: suspend and reinstate everywhere.

Here: what is checked and done for one account, and what the page asks. Not here: the engine
(batches), the verbs (accounts.suspension).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app.access.seat import Seat
from app.accounts import suspension
from app.accounts.forms import AccountSuspensionForm
from app.activity import batch_events as events
from app.batches import kinds
from app.batches.kinds import Kind, Plan, Question, Row, Work
from app.extensions import db
from app.http.reauthentication import ensure_recent
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy, ngettext
from app.models import Account, Batch
from app.screens.formatters import display_name

MANAGE = ("manage", "Account")


def _prepare(rows: Sequence[Row], _work: Work) -> None:
    """Read the accounts of a slice."""
    query = select(Account).where(Account.id.in_([row.subject_id for row in rows]))
    found = {one.id: one for one in db.session.scalars(query)}
    for row in rows:
        row.subject = found.get(row.subject_id or 0)
        if row.subject is not None:
            row.name, row.account_id = display_name(row.subject), row.subject.id


def _check_suspend(row: Row, work: Work) -> Plan:
    suspension.ensure_suspendable(_account(row), by=work.by)
    return Plan("suspended", name=row.name, account_id=row.account_id)


def _check_reinstate(row: Row, _work: Work) -> Plan:
    if not _account(row).is_suspended:
        raise suspension.AccountNotSuspended()
    return Plan("reinstated", name=row.name, account_id=row.account_id)


def _account(row: Row) -> Account:
    if row.subject is None:
        raise NotFound()
    found: Account = row.subject
    return found


def _suspend(row: Row, _plan: Plan, work: Work) -> None:
    reason = work.arguments.get("reason", "")
    suspension.suspend(row.subject, reason=reason, by=work.by, now=work.now)


def _reinstate(row: Row, _plan: Plan, work: Work) -> None:
    suspension.reinstate(row.subject, by=work.by, now=work.now)


def _proved(_batch: Batch, by: Seat, now: datetime) -> None:
    ensure_recent(by, now=now)


SUSPEND = kinds.register(
    Kind(
        "suspend_accounts",
        MANAGE,
        lambda n: ngettext("Suspend %(num)s account?", "Suspend %(num)s accounts?", n),
        lambda n: ngettext("Suspending %(num)s account", "Suspending %(num)s accounts", n),
        lambda n: ngettext("%(num)s account was suspended.", "%(num)s accounts were suspended.", n),
        _suspend,
        _check_suspend,
        _prepare,
        event=events.ACCOUNTS_SUSPENDED,
        is_undoable=False,
        danger=True,
        icon="pause-circle",
        label=lazy("Suspend"),
        question=Question(
            lazy(
                "They are signed out everywhere at once and cannot sign in until the accounts are"
                " reinstated. Their memberships stay; pending invitations they sent are cancelled."
            ),
            form=lambda _batch: AccountSuspensionForm(),
            read=lambda form: {"reason": form.reason.data or ""},
            template="batches/_reason.html",
            ensure=_proved,
        ),
    )
)
REINSTATE = kinds.register(
    Kind(
        "reinstate_accounts",
        MANAGE,
        lambda n: ngettext("Reinstate %(num)s account?", "Reinstate %(num)s accounts?", n),
        lambda n: ngettext("Reinstating %(num)s account", "Reinstating %(num)s accounts", n),
        lambda n: ngettext(
            "%(num)s account was reinstated.", "%(num)s accounts were reinstated.", n
        ),
        _reinstate,
        _check_reinstate,
        _prepare,
        event=events.ACCOUNTS_REINSTATED,
        is_undoable=False,
        icon="arrow-counterclockwise",
        label=lazy("Reinstate"),
        question=Question(lazy("They can sign in again immediately.")),
    )
)
