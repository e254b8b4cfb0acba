"""Built-in roles as rows: every upgrade makes them like the table in access.roles.

Here: mirroring, and their names in the reader's language. Not here: their contents.
"""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select

from app.access.roles import BUILT_IN
from app.extensions import db
from app.kernel.i18n import in_language
from app.kernel.text import fold
from app.models import MemberRole


def mirror() -> None:
    """Make a row for each built-in role, and bring the rows there are up to date."""
    rows = {
        row.key: row
        for row in db.session.scalars(select(MemberRole).where(MemberRole.key.is_not(None)))
    }
    for key, role in BUILT_IN.items():
        row = rows.get(key) or MemberRole(key=key)
        with in_language("en"):
            row.name, row.description = str(role.name), str(role.description)
        row.authorities = frozenset(map(str, role.authorities))
        db.session.add(row)


def is_mirrored() -> bool:
    """Whether every built-in role has its row: an upgrade that was cut off left some out."""
    keys = select(MemberRole.key).where(MemberRole.key.is_not(None))
    return BUILT_IN.keys() <= set(db.session.scalars(keys))


def name_keys() -> frozenset[str]:
    """The built-in roles' names, folded, in every language of the portal: none of them is free."""
    found = set[str]()
    for code in current_app.config["LANGUAGES"]:
        with in_language(code):
            found |= {fold(str(role.name)) for role in BUILT_IN.values()}
    return frozenset(found)


def keys_named(words: str) -> list[str]:
    """The built-in roles whose name, in the reader's language, has these words in it."""
    return [key for key, role in BUILT_IN.items() if fold(words) in fold(str(role.name))]


def role_name(role: MemberRole) -> str:
    """A role's name in the reader's language: built-in ones are translated."""
    return str(BUILT_IN[role.key].name) if role.key in BUILT_IN else role.name


def role_description(role: MemberRole) -> str:
    """A role's description in the reader's language."""
    return str(BUILT_IN[role.key].description) if role.key in BUILT_IN else role.description
