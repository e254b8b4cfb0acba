"""Kinds of batches over members: end their sessions, require a new password, 2-step verification by
mail, language.

Here: what is checked and done for one member. Not here: the verbs (managed_accounts), the engine
(batches).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.access.seat import Seat
from app.activity import batch_events as events
from app.batches import kinds
from app.batches.kinds import UNCHANGED, Kind, Plan, Question, Row, Work
from app.http import reauthentication
from app.kernel.i18n import lazy, ngettext
from app.managed_accounts import new_password, signing_in
from app.managed_accounts import service as managed
from app.members import obstacles
from app.members.forms import LanguageForm, TwoFactorForm
from app.members.kinds import MANAGE, checked, member_of, prepare
from app.models import Batch


def _end_sessions(row: Row, _plan: Plan, work: Work) -> None:
    signing_in.end_all(row.subject, by=work.by, now=work.now)


def _require_password(row: Row, _plan: Plan, work: Work) -> None:
    new_password.require(row.subject, by=work.by, now=work.now)


def _checked(name: str) -> Callable[[Row, Work], Plan]:
    """Whether the account is managed here; what has the value already is left as it is."""

    def check(row: Row, work: Work) -> Plan:
        member = member_of(row)
        obstacles.ensure("account", member, by=work.by)
        is_so = name in work.arguments and getattr(member.account, name) == work.arguments[name]
        return Plan(UNCHANGED if is_so else "account", name=row.name, account_id=row.account_id)

    return check


def _set(name: str) -> Callable[[Row, Plan, Work], None]:
    def act(row: Row, _plan: Plan, work: Work) -> None:
        changed: Any = {name: work.arguments[name]}
        managed.edit_account(row.subject, by=work.by, now=work.now, **changed)

    return act


def _proved(_batch: Batch, by: Seat, now: datetime) -> None:
    reauthentication.ensure_recent(by, now=now)


END_SESSIONS = kinds.register(
    Kind(
        "end_sessions",
        MANAGE,
        lambda n: ngettext(
            "End the sessions of %(num)s member?", "End the sessions of %(num)s members?", n
        ),
        lambda n: ngettext(
            "Ending the sessions of %(num)s member", "Ending the sessions of %(num)s members", n
        ),
        lambda n: ngettext(
            "The sessions of %(num)s member were ended.",
            "The sessions of %(num)s members were ended.",
            n,
        ),
        _end_sessions,
        checked("signing_in"),
        prepare,
        event=events.SESSIONS_OF_MANY_ENDED,
        is_undoable=False,
        danger=True,
        icon="box-arrow-right",
        label=lazy("End the sessions"),
        question=Question(
            lazy(
                "Whoever is signed in must sign in again. Where the account was not registered"
                " here, only this organization’s pages ask for that. This cannot be undone."
            )
        ),
    )
)
REQUIRE_PASSWORD = kinds.register(
    Kind(
        "require_password",
        MANAGE,
        lambda n: ngettext(
            "Require a new password of %(num)s member?",
            "Require a new password of %(num)s members?",
            n,
        ),
        lambda n: ngettext(
            "Requiring a new password of %(num)s member",
            "Requiring a new password of %(num)s members",
            n,
        ),
        lambda n: ngettext(
            "%(num)s member has to set a new password.",
            "%(num)s members have to set a new password.",
            n,
        ),
        _require_password,
        checked("new_password"),
        prepare,
        event=events.PASSWORDS_REQUIRED,
        is_undoable=False,
        icon="key",
        label=lazy("Require a new password"),
        question=Question(
            lazy(
                "The next page they open asks for it. Only accounts that this organization"
                " registered can be asked. This cannot be undone."
            ),
            ensure=_proved,
        ),
    )
)
SET_TWO_FACTOR = kinds.register(
    Kind(
        "set_two_factor",
        MANAGE,
        lambda n: ngettext(
            "2-step verification of %(num)s member", "2-step verification of %(num)s members", n
        ),
        lambda n: ngettext(
            "Changing 2-step verification of %(num)s member",
            "Changing 2-step verification of %(num)s members",
            n,
        ),
        lambda n: ngettext(
            "2-step verification of %(num)s member was changed.",
            "2-step verification of %(num)s members was changed.",
            n,
        ),
        _set("two_factor"),
        _checked("two_factor"),
        prepare,
        event=events.ACCOUNTS_EDITED,
        is_undoable=False,
        icon="shield-lock",
        label=lazy("Change"),
        question=Question(
            lazy(
                "A code from the mailbox, after the password. Only accounts that this organization"
                " registered can be changed. To take it back, do the opposite."
            ),
            form=lambda _batch: TwoFactorForm(),
            read=lambda form: form.arguments,
            template="members/_ask_field.html",
            ensure=_proved,
        ),
    )
)
SET_LANGUAGE = kinds.register(
    Kind(
        "set_language",
        MANAGE,
        lambda n: ngettext("Language of %(num)s member", "Language of %(num)s members", n),
        lambda n: ngettext(
            "Changing the language of %(num)s member", "Changing the language of %(num)s members", n
        ),
        lambda n: ngettext(
            "The language of %(num)s member was changed.",
            "The language of %(num)s members was changed.",
            n,
        ),
        _set("language"),
        _checked("language"),
        prepare,
        event=events.ACCOUNTS_EDITED,
        is_undoable=False,
        icon="translate",
        label=lazy("Change the language"),
        question=Question(
            lazy(
                "The language of their pages and emails. Only accounts that this organization"
                " registered can be changed. This cannot be undone together."
            ),
            form=lambda _batch: LanguageForm(),
            read=lambda form: form.arguments,
            template="members/_ask_field.html",
        ),
    )
)
