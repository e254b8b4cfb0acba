"""Screens: a package with one screen in it, written for its people to go on with.

Here: its names, writing it whole or not at all. Not here: its columns (scaffold.column_specs), the
text of its files (scaffold.files).
"""

from __future__ import annotations

import importlib
import importlib.util
import keyword
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from flask import current_app
from flask_appbuilder import Model

from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.model_views.names import plural
from app.packages import Package
from app.scaffold import column_specs, files
from app.scaffold.files import Draft
from app.scaffold.migrations import new_migration


class NotAWord(Refusal):
    """The name of the package does not serve as its word everywhere."""

    text = lazy(
        "“%(word)s” cannot be the name of a screen. Write one English word in the plural, in lower"
        " case, such as devices or room_plans."
    )


class IsThere(Refusal):
    """A folder or file of that name; nothing is overwritten."""

    text = lazy(
        "%(word)s is there already, and nothing is overwritten. Choose another name, or remove it"
        " first."
    )


class IsTaken(Refusal):
    """Something else is called that."""

    text = lazy(
        "The portal or Python already has something called “%(word)s”. Choose another name, such as"
        " our_%(word)s."
    )


class NoColumns(Refusal):
    """A screen of nothing."""

    text = lazy("Say which columns %(word)s have, such as name:str lent_on:date.")


def new_screen(
    folder: Path, word: str, asked: Sequence[str], catalogues: Mapping[str, Mapping[str, str]]
) -> tuple[list[Path], dict[str, list[str]]]:
    """Write a package with a screen into a folder; return its files, and by language the words that
    no catalogue of the portal's translates.
    """
    item = _item(word)
    if (folder / word).exists() or (folder / f"{word}.py").exists():
        raise IsThere(word=word)
    if _is_taken(word, item):
        raise IsTaken(word=word)
    if not asked:
        raise NoColumns(word=word)
    draft = Draft(word, item, column_specs.read(asked))
    untranslated = {
        code: [one for one in draft.words if not known.get(one)]
        for code, known in catalogues.items()
    }
    with ExitStack() as undoing:
        undoing.callback(shutil.rmtree, folder / word, ignore_errors=True)
        _write(folder / word, files.texts(draft, catalogues))
        sys.path.insert(0, str(folder))
        importlib.invalidate_caches()
        importlib.import_module(word)
        new_migration(Package(word), "first version")
        undoing.pop_all()
    return sorted(_files(folder / word)), untranslated


def _item(word: str) -> str:
    """What one row is called, for a word in the plural."""
    endings = (("ies", "y"), ("es", ""), ("s", ""))
    singles = [word.removesuffix(end) + new for end, new in endings if word.endswith(end)]
    item = next((one for one in singles if plural(one) == word), None)
    is_name = column_specs.WORD.fullmatch(word) is not None and not word.endswith("_")
    if item is None or not is_name or keyword.iskeyword(item) or "__" in word:
        raise NotAWord(word=word)
    return item


def _is_taken(word: str, item: str) -> bool:
    bases = (f"/o/<organization>/{word}/", f"/api/v1/{word}/", f"/{word}/")
    addresses = [f"{str(rule).rstrip('/')}/" for rule in current_app.url_map.iter_rules()]
    return (
        item in Model.metadata.tables
        or importlib.util.find_spec(word) is not None
        or any(address.startswith(bases) for address in addresses)
    )


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    folder.mkdir()
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.suffix in (".py", ".po"))
