"""Verbs for many members, for programs: POST /api/v1/members/bulk.

Here: which verbs there are, and what each takes. Not here: what they check and do (members.kinds,
members.role_kinds), how they are run (batches).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates

from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.member_roles.builtin import role_name
from app.members import account_kinds, kinds, lists, offer_kinds, role_kinds
from app.offers.context import available_roles
from app.offers.offer import RoleElsewhere
from app.offers.shapes import TYPES
from app.rest.bulk import BulkVerb, bulking, wrong_arguments
from app.rest.rows import shapes_of
from app.rest.schemas import LARGEST, Flag, Number, Shape, Text, Word, authorities, language


class BulkArguments(Shape):
    """What verbs are given; each takes some of it."""

    reason = Text(
        longest=500, lines=True, metadata={"description": lazy("suspend: the members read it.")}
    )
    keep_invites = Flag(
        attribute="keep",
        metadata={
            "description": lazy(
                "suspend, remove: pending invitations they sent go on in your name."
            )
        },
    )
    role = Number(
        attribute="role_id", metadata={"description": lazy("give_role, take_role: its id.")}
    )
    remove_members = Flag(
        attribute="sure",
        metadata={
            "description": lazy(
                "take_role, take_authorities, set_type: whether members of whom nothing would be"
                " left are removed; otherwise they are left as they are."
            )
        },
    )

    type = Word(*TYPES, metadata={"description": lazy("set_type.")})
    authorities = authorities(
        least=1,
        metadata={"description": lazy("give_authorities, take_authorities: single ones, by key.")},
    )
    two_factor = Flag(metadata={"description": lazy("set_two_factor: on or off.")})
    language = language(metadata={"description": lazy("set_language.")})

    @validates("role")
    def find_role(self, value: int, **_more: object) -> None:
        """A role of the organization."""
        if value not in {role.id for role in available_roles()}:
            raise ValidationError(str(RoleElsewhere.text), field_name="role")


KEEP, ROLE = frozenset({"keep_invites"}), frozenset({"role"})
SURE, AUTHORITIES = frozenset({"remove_members"}), frozenset({"authorities"})
VERBS = {
    "suspend": BulkVerb(kinds.SUSPEND, KEEP | {"reason"}),
    "reinstate": BulkVerb(kinds.REINSTATE),
    "remove": BulkVerb(kinds.REMOVE, KEEP),
    "send_first_sign_in": BulkVerb(kinds.SEND_FIRST),
    "give_role": BulkVerb(role_kinds.GIVE_ROLE, needs=ROLE),
    "take_role": BulkVerb(role_kinds.TAKE_ROLE, SURE, ROLE),
    "set_type": BulkVerb(offer_kinds.SET_TYPE, SURE, frozenset({"type"})),
    "give_authorities": BulkVerb(offer_kinds.GIVE_AUTHORITIES, needs=AUTHORITIES),
    "take_authorities": BulkVerb(offer_kinds.TAKE_AUTHORITIES, SURE, AUTHORITIES),
    "end_sessions": BulkVerb(account_kinds.END_SESSIONS),
    "require_password": BulkVerb(account_kinds.REQUIRE_PASSWORD),
    "set_two_factor": BulkVerb(account_kinds.SET_TWO_FACTOR, needs=frozenset({"two_factor"})),
    "set_language": BulkVerb(account_kinds.SET_LANGUAGE, needs=frozenset({"language"})),
}
BULK = bulking(
    lazy("Do something to many members"),
    VERBS,
    shapes_of(lists.MEMBERS, "Member"),
    BulkArguments,
    example={"verb": "suspend", "ids": [3, 4], "arguments": {"reason": "On leave"}},
)


class ArgumentsRefused(Refusal):
    """What a verb does not take, or lacks."""

    status = 422
    text = lazy("--%(name)s: %(sentence)s")


def typed(verb: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Read what a command was given for a verb, a role by its name. Raises ArgumentsRefused."""
    given = {name: value for name, value in options.items() if value not in (None, ())}
    if "role" in given:
        named = (role.id for role in available_roles() if role_name(role) == given["role"])
        given["role"] = next(named, LARGEST)
    if "two_factor" in given:
        given["two_factor"] = given["two_factor"] == "on"
    if "authorities" in given:
        given["authorities"] = [*given["authorities"]]
    wrong = wrong_arguments(VERBS[verb], given)
    try:
        read: dict[str, Any] = BulkArguments().load(given) if not wrong else {}
    except ValidationError as error:
        wrong = {str(name): said for name, said in dict(error.messages_dict).items()}
    for name, sentences in wrong.items():
        said = " ".join(map(str, [*sentences]))
        raise ArgumentsRefused(name=name.replace("_", "-"), sentence=said)
    return read
