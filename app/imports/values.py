"""Values: how a cell of each column is read.

Here: from a cleaned text to a value, in every language of the portal. Not here: what is cut off a
cell first (imports.cells), which column is read how (imports.columns).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from app.access.authorities import known
from app.accounts.policy import IdentityEdit, tidied
from app.imports import cells
from app.imports.problems import (
    NotANumber,
    UnknownAuthority,
    UnknownAuthorityLike,
    UnknownRole,
    UnknownRoleLike,
    not_one_of,
)
from app.imports.vocabulary import Vocabulary
from app.kernel.i18n import lazy, listed
from app.kernel.text import fold, narrow
from app.models import MemberType

Reader = Callable[[str, Vocabulary], Any]
INVITE, REMOVE, SKIP = "invite", "remove", "skip"
ACTIVE, SUSPENDED = "active", "suspended"


def kept(key: str) -> Reader:
    """Read as the forms keep it."""

    def read(text: str, _words: Vocabulary) -> Any:
        return {**tidied(cast("IdentityEdit", {key: text}))}[key]

    return read


def number(text: str, _words: Vocabulary) -> int:
    digits = narrow(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise NotANumber()
    return int(digits)


def reading(text: str, _words: Vocabulary) -> Any:
    return kept("reading")(cells.full_width_kana(text), _words)


def word(offered: dict[str, Any], said: Any) -> Reader:
    """Read one of some words."""
    keys = {fold(word): value for word, value in offered.items()}

    def read(text: str, _words: Vocabulary) -> Any:
        if fold(text) not in keys:
            raise not_one_of(said)
        return keys[fold(text)]

    return read


def switch(text: str, _words: Vocabulary) -> bool:
    if fold(text) in cells.ON:
        return True
    if fold(text) in cells.OFF:
        return False
    raise not_one_of(lazy("on, off"))


def language(text: str, words: Vocabulary) -> str:
    if fold(text) not in words.languages:
        raise not_one_of(listed(sorted(set(words.languages.values()))))
    return words.languages[fold(text)]


def roles(text: str, words: Vocabulary) -> tuple[Any, ...]:
    found = []
    for name in cells.split_list(text):
        role = words.roles.get(fold(name))
        if role is None:
            like = words.like(name, words.roles)
            if like:
                raise UnknownRoleLike(name=name, meant=like)
            raise UnknownRole(name=name)
        found.append(role)
    return tuple(dict.fromkeys(found))


def authorities(text: str, words: Vocabulary) -> frozenset[str]:
    keys = text.split()
    if known(keys) == set(keys):
        return frozenset(keys)
    found = set[str]()
    for name in cells.split_list(text):
        folded = fold(name)
        if folded in words.presets:
            found |= words.presets[folded]
        elif folded in words.authorities:
            found.add(words.authorities[folded])
        else:
            like = words.like(name, [*words.authorities, *words.presets])
            if like:
                raise UnknownAuthorityLike(name=name, meant=like)
            raise UnknownAuthority(name=name)
    return frozenset(found)


TYPES = {
    **dict.fromkeys(("general", "General user", "一般", "一般ユーザー"), MemberType.GENERAL),
    **dict.fromkeys(("power", "Power user", "特権", "特権ユーザー"), MemberType.POWER),
}
STATES = {
    **dict.fromkeys(("active", "never", "有効", "アクティブ", "未ログイン"), ACTIVE),
    **dict.fromkeys(("suspended", "停止", "停止中"), SUSPENDED),
}
ACTIONS = {
    **dict.fromkeys(("invite", "招待", "招待する"), INVITE),
    **dict.fromkeys(("remove", "削除", "削除する"), REMOVE),
    **dict.fromkeys(("skip", "対象外", "スキップ"), SKIP),
}
