"""Naming members: by the lines of a file, by the list's filters.

Here: from what an operator writes to rows of a batch. Not here: the commands (batches.cli), one
member by a name (members.queries).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import Select, or_, select
from werkzeug.datastructures import MultiDict

from app.batches.filling import NewRow
from app.extensions import db
from app.kernel.addresses import identifier_key
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.members.lists import MEMBERS
from app.models import Account, Membership, Organization
from app.screens.formatters import display_name
from app.screens.list_view import ensure_understood

AT_A_TIME = 500


class NoSuchMember(Refusal):
    """A line that names nobody here."""

    status = 404
    text = lazy("No member has this login ID or e-mail address.")


class NoSuchFilter(Refusal):
    """What the list cannot be asked."""

    text = lazy("The list of members has no filter “%(name)s”.")


def in_file(lines: Iterable[str], organization: Organization) -> Iterator[NewRow]:
    """Yield a row for each line that says anything, in their order; who is named twice is one."""
    numbered = ((number, line.strip()) for number, line in enumerate(lines, start=1))
    said, seen = (one for one in numbered if one[1]), set[int]()
    while some := [*islice(said, AT_A_TIME)]:
        found = _members({identifier_key(word) for _number, word in some}, organization)
        for number, word in some:
            member = found.get(identifier_key(word))
            if member is None:
                refusal = NoSuchMember()
                gone = {"column": "", "code": refusal.name, "message": str(refusal)}
                yield NewRow(number, name=word[:400], problems=(gone,))
            elif member.id not in seen:
                seen.add(member.id)
                name = display_name(member.account)
                yield NewRow(number, {}, member.id, member.account_id, name)


def found(query: str) -> Select[Any]:
    """Return the ids that the list shows at an address with this query. Raises NoSuchFilter,
    NoSuchChoice.
    """
    asked = MultiDict(parse_qsl(query, keep_blank_values=True))
    listing = MEMBERS.read(asked, path="")
    for name in asked.keys() - {"q", *(one.name for one in listing.filters)}:
        raise NoSuchFilter(name=name)
    ensure_understood(asked, listing)
    return MEMBERS.matching(listing).with_only_columns(MEMBERS.key)


def _members(keys: set[str], organization: Organization) -> dict[str, Membership]:
    query = (
        select(Membership)
        .join(Membership.account)
        .where(
            Membership.organization_id == organization.id,
            or_(Account.login_id_key.in_(keys), Account.email_key.in_(keys)),
        )
    )
    members = db.session.scalars(query).all()
    by_address = {str(one.account.email_key): one for one in members}
    return by_address | {str(one.account.login_id_key): one for one in members}
