"""Kinds of batches over members: set the type, give and take single authorities.

Here: what is checked and done for one member. Not here: roles (members.role_kinds), the verb
(memberships.service), the rule of the last power user over many (members.simulation).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from app.access.seat import Seat
from app.activity import batch_events as events
from app.batches import kinds
from app.batches.kinds import UNCHANGED, Kind, Plan, Question, Row, Work
from app.http import reauthentication
from app.kernel.i18n import lazy, ngettext
from app.members import obstacles, simulation
from app.members.forms import GiveAuthoritiesForm, TakeAuthoritiesForm, TypeForm
from app.members.kinds import MANAGE, member_of, prepare
from app.memberships import service as members
from app.memberships.service import NothingLeft, empties
from app.models import Batch, Membership, MemberType
from app.offers.offer import Offer

Change = Callable[[Offer, Work], Offer]


def _of_type(has: Offer, work: Work) -> Offer:
    chosen = MemberType(work.arguments["type"])
    return has if chosen is has.type else replace(has, type=chosen)


def _with(has: Offer, work: Work) -> Offer:
    if has.is_power:
        return has  # single authorities mean nothing to a power user (S0-14)
    return replace(has, authorities=has.authorities | frozenset(work.arguments["authorities"]))


def _without(has: Offer, work: Work) -> Offer:
    return replace(has, authorities=has.authorities - frozenset(work.arguments["authorities"]))


def _checked(change: Change, argument: str) -> Callable[[Row, Work], Plan]:
    """What the verb refuses; before anything was chosen, whom the author may not change at all."""

    def check(row: Row, work: Work) -> Plan:
        member = member_of(row)
        obstacles.ensure("edit", member, by=work.by)
        if argument not in work.arguments:
            return Plan("edited", name=row.name, account_id=row.account_id)
        has = Offer.of(member)
        settled = change(has, work).settled_for(member, by=work.by)
        if has == settled:
            return Plan(UNCHANGED, name=row.name, account_id=row.account_id)
        _ensure_possible(member, has, settled, work)
        return Plan("edited", name=row.name, account_id=row.account_id, act=change)

    return check


def _ensure_possible(member: Membership, has: Offer, settled: Offer, work: Work) -> None:
    members.ensure_type_possible(member, settled)
    if has.is_power and not settled.is_power:
        simulation.take_power(member, work)
    if empties(settled, has) and not work.arguments.get("sure"):
        raise NothingLeft()


def _act(row: Row, plan: Plan, work: Work) -> None:
    offer, sure = plan.act(Offer.of(row.subject), work), bool(work.arguments.get("sure"))
    members.edit(row.subject, offer=offer, sure=sure, by=work.by, now=work.now)


def _proved(_batch: Batch, by: Seat, now: datetime) -> None:
    reauthentication.ensure_recent(by, now=now)


SET_TYPE = kinds.register(
    Kind(
        "set_type",
        MANAGE,
        lambda n: ngettext(
            "Change the type of %(num)s member", "Change the type of %(num)s members", n
        ),
        lambda n: ngettext(
            "Changing the type of %(num)s member", "Changing the type of %(num)s members", n
        ),
        lambda n: ngettext(
            "The type of %(num)s member was changed.", "The type of %(num)s members was changed.", n
        ),
        _act,
        _checked(_of_type, "type"),
        prepare,
        event=events.MEMBERS_EDITED,
        icon="sliders",
        label=lazy("Change the type"),
        question=Question(
            lazy(
                "Power users may do everything in this organization. Whoever becomes a general user"
                " keeps the roles, and nothing else."
            ),
            form=lambda _batch: TypeForm.offered(),
            read=lambda form: form.arguments,
            template="members/_ask_type.html",
            ensure=_proved,
        ),
    )
)
GIVE_AUTHORITIES = kinds.register(
    Kind(
        "give_authorities",
        MANAGE,
        lambda n: ngettext(
            "Give %(num)s member authorities", "Give %(num)s members authorities", n
        ),
        lambda n: ngettext(
            "Giving %(num)s member authorities", "Giving %(num)s members authorities", n
        ),
        lambda n: ngettext(
            "%(num)s member was given the authorities.",
            "%(num)s members were given the authorities.",
            n,
        ),
        _act,
        _checked(_with, "authorities"),
        prepare,
        event=events.MEMBERS_EDITED,
        icon="plus-circle",
        label=lazy("Give the authorities"),
        question=Question(
            lazy("What they hold already stays. Power users are left as they are."),
            form=lambda _batch: GiveAuthoritiesForm.offered(),
            read=lambda form: form.arguments,
            template="members/_ask_authorities.html",
        ),
    )
)
TAKE_AUTHORITIES = kinds.register(
    Kind(
        "take_authorities",
        MANAGE,
        lambda n: ngettext(
            "Take authorities away from %(num)s member",
            "Take authorities away from %(num)s members",
            n,
        ),
        lambda n: ngettext(
            "Taking authorities away from %(num)s member",
            "Taking authorities away from %(num)s members",
            n,
        ),
        lambda n: ngettext(
            "The authorities were taken from %(num)s member.",
            "The authorities were taken from %(num)s members.",
            n,
        ),
        _act,
        _checked(_without, "authorities"),
        prepare,
        event=events.MEMBERS_EDITED,
        icon="dash-lg",
        label=lazy("Take the authorities away"),
        question=Question(
            lazy("Only single authorities go; what a role gives stays."),
            form=lambda _batch: TakeAuthoritiesForm.offered(),
            read=lambda form: form.arguments,
            template="members/_ask_authorities.html",
        ),
    )
)
