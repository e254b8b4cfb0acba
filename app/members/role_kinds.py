"""Kinds of batches over members: give a role, take one away.

Here: what is checked and done for one member. Not here: the other kinds (members.kinds), the verbs
(memberships.service).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.activity import batch_events as events
from app.batches import kinds
from app.batches.kinds import UNCHANGED, Kind, Plan, Question, Row, Work
from app.extensions import db
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy, ngettext
from app.members import obstacles
from app.members.forms import GiveRoleForm, TakeRoleForm
from app.members.kinds import MANAGE, member_of, prepare
from app.memberships import service as members
from app.models import MemberRole, Membership
from app.offers.offer import Offer


def _role(work: Work) -> MemberRole | None:
    role_id = work.arguments.get("role_id")
    return db.session.get(MemberRole, role_id) if role_id is not None else None


def _check_role(gives: bool) -> Callable[[Row, Work], Plan]:
    def check(row: Row, work: Work) -> Plan:
        member, role = member_of(row), _role(work)
        obstacles.ensure("edit", member, by=work.by)
        if role is None and "role_id" in work.arguments:
            raise NotFound()
        is_so = role is not None and (role in member.roles) is gives
        if role is not None and not is_so:
            _ensure_possible(member, role, work, gives=gives)
        return Plan(UNCHANGED if is_so else "role", name=row.name, account_id=row.account_id)

    return check


def _ensure_possible(member: Membership, role: MemberRole, work: Work, *, gives: bool) -> None:
    """Raise what the verb would refuse, but for those whom the answer keeps: the page says so."""
    has = Offer.of(member)
    if gives:
        replace(has, roles=(*has.roles, role)).settled_for(member, by=work.by)
    elif members.is_last_role(member, role) and work.arguments.get("sure") is None:
        raise members.NothingLeft()


def _give_role(row: Row, _plan: Plan, work: Work) -> None:
    role = _role(work)
    assert role is not None
    members.add_role(row.subject, role, by=work.by, now=work.now)


def _take_role(row: Row, _plan: Plan, work: Work) -> None:
    role, sure = _role(work), bool(work.arguments.get("sure"))
    assert role is not None
    keep = bool(work.arguments.get("keep"))
    members.remove_role(row.subject, role, sure=sure, keep=keep, by=work.by, now=work.now)


GIVE_ROLE = kinds.register(
    Kind(
        "give_role",
        MANAGE,
        lambda n: ngettext("Give %(num)s member a role", "Give %(num)s members a role", n),
        lambda n: ngettext("Giving %(num)s member a role", "Giving %(num)s members a role", n),
        lambda n: ngettext(
            "%(num)s member was given the role.", "%(num)s members were given the role.", n
        ),
        _give_role,
        _check_role(gives=True),
        prepare,
        event=events.MEMBERS_EDITED,
        icon="plus-circle",
        label=lazy("Give the role"),
        question=Question(
            form=lambda _batch: GiveRoleForm.offered(),
            read=lambda form: form.arguments,
            template="members/_ask_role.html",
        ),
    )
)
TAKE_ROLE = kinds.register(
    Kind(
        "take_role",
        MANAGE,
        lambda n: ngettext(
            "Take a role away from %(num)s member", "Take a role away from %(num)s members", n
        ),
        lambda n: ngettext(
            "Taking a role away from %(num)s member", "Taking a role away from %(num)s members", n
        ),
        lambda n: ngettext(
            "The role was taken from %(num)s member.", "The role was taken from %(num)s members.", n
        ),
        _take_role,
        _check_role(gives=False),
        prepare,
        event=events.MEMBERS_EDITED,
        icon="dash-lg",
        label=lazy("Take the role away"),
        question=Question(
            form=lambda _batch: TakeRoleForm.offered(),
            read=lambda form: form.arguments,
            template="members/_ask_role.html",
        ),
    )
)
