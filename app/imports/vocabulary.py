"""Vocabulary: the words that an organization's files may use, in every language of the portal.

Here: roles, authorities, presets, languages, types, states and actions by each of their names, and
the names of columns. Not here: reading a cell (imports.columns).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from babel import Locale
from flask import current_app

from app.access.authorities import CATALOGUE
from app.access.roles import PRESETS
from app.kernel.i18n import current_language, in_language, own_name
from app.kernel.text import fold
from app.member_roles import queries as roles
from app.member_roles.builtin import role_name
from app.models import MemberRole, Organization

CLOSE = 0.6
"""How alike two names are, of which one is offered for the other."""


@dataclass(frozen=True)
class Vocabulary:
    """Everything by its folded names."""

    roles: dict[str, MemberRole]
    authorities: dict[str, str]
    presets: dict[str, frozenset[str]]
    languages: dict[str, str]
    spelled: dict[str, str]
    """Names of roles, authorities and presets as they are written."""

    def like(self, name: str, among: Iterable[str]) -> str:
        """The name that is most like one that is not there, "" where none is."""
        found = get_close_matches(fold(name), list(among), 1, CLOSE)
        return self.spelled.get(found[0], found[0]) if found else ""


def vocabulary_of(organization: Organization) -> Vocabulary:
    """The words of an organization's files at this moment."""
    available = roles.available(organization)
    found = {fold(role.key): role for role in available if role.key}
    spelled = dict[str, str]()
    for _language in _each_language():
        found |= {fold(role_name(role)): role for role in available}
        spelled |= {fold(role_name(role)): role_name(role) for role in available}
    authorities, presets, languages, names = _catalogue(
        tuple(current_app.config["LANGUAGES"]), len(CATALOGUE)
    )
    return Vocabulary(found, authorities, presets, languages, names | spelled)


@lru_cache(maxsize=8)
def _catalogue(
    languages: tuple[str, ...], _so_many: int
) -> tuple[dict[str, str], dict[str, frozenset[str]], dict[str, str], dict[str, str]]:
    authorities = {fold(key): key for key in CATALOGUE}
    presets = {fold(key): frozenset(map(str, one.authorities)) for key, one in PRESETS.items()}
    spoken = {code.partition("_")[0]: code for code in languages}
    spelled = dict[str, str]()
    for code in languages:
        spoken |= {fold(code): code, fold(code.replace("_", "-")): code, fold(own_name(code)): code}
    for _language in _each_language():
        authorities |= {fold(str(entry.name)): key for key, entry in CATALOGUE.items()}
        presets |= {fold(str(one.name)): presets[key] for key, one in PRESETS.items()}
        spoken |= {fold(_name_of(code)): code for code in languages}
        named = [str(one.name) for one in CATALOGUE.values()]
        named += [str(one.name) for one in PRESETS.values()]
        spelled |= {fold(name): name for name in named}
    return authorities, presets, spoken, spelled


def in_every_language(say: Callable[[], str]) -> set[str]:
    """Return what is said, in each language of the portal."""
    return {say() for _language in _each_language()}


def _each_language() -> Iterator[str]:
    for code in current_app.config["LANGUAGES"]:
        with in_language(code):
            yield code


def _name_of(code: str) -> str:
    """A language's name in the language of the moment."""
    spoken: Any = Locale.parse(code).get_language_name(current_language())
    return spoken or code
