"""The catalogue: every sentence of the portal, gathered from the code, and what is wrong with its
translations.

Here: extracting, bringing a language up to date, complaining. Not here: commands
(i18n.cli), compiling (i18n.languages).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import PoFileError, read_po, write_po

from app.kernel.errors import Refusal
from app.kernel.i18n import _, lazy

KEYWORDS = DEFAULT_KEYWORDS | {"lazy": None, "lazy_n": (1, 2), "ngettext": (1, 2)}
NOTES = ("I18N:",)
PLACEHOLDER = re.compile(r"%(?:\((?P<name>\w+)\))?[#0\- +]*\d*(?P<kind>\S|$)")
HEADERS: dict[str, Any] = {
    "project": "Meibo",
    "version": "portal",
    "msgid_bugs_address": "",
    "last_translator": "",
    "language_team": "",
    "header_comment": "# The sentences of Meibo. docs/translating.md says how to work with them.",
}


def extract(root: Path) -> Catalog:
    """Gather every sentence below a folder, as its translations/babel.cfg says."""
    catalogue = Catalog(fuzzy=False, **HEADERS)
    with (root / "translations" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(
        root,
        method_map=methods,
        options_map=options,
        keywords=KEYWORDS,
        comment_tags=NOTES,
        strip_comment_tags=True,
    )
    for path, _line, message, comments, context in found:
        catalogue.add(
            message, locations=[(Path(path).as_posix(), 0)], auto_comments=comments, context=context
        )
    return catalogue


def languages(folder: Path) -> list[Path]:
    """Return the .po files of a translations folder."""
    return sorted(folder.glob("*/LC_MESSAGES/messages.po"))


class CatalogueUnreadable(Refusal):
    """A .po file with a slip in it, or in another encoding."""

    text = lazy("%(file)s cannot be read: %(reason)s")


def read(po: Path) -> Catalog:
    """Read one language, which its folder names, or the template, which has none.

    Raises CatalogueUnreadable.
    """
    language = po.parent.parent.name if po.suffix == ".po" else None
    try:
        with po.open("rb") as file:
            return read_po(file, locale=language, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise CatalogueUnreadable(file=po, reason=str(error)) from error


def add(folder: Path, code: str, sentences: Catalog) -> bool:
    """Start a language, every sentence empty; return whether it was not there yet."""
    po = folder / code / "LC_MESSAGES" / "messages.po"
    if po.exists():
        return False
    catalogue = Catalog(locale=code, fuzzy=False, **HEADERS)
    catalogue.update(sentences)
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_bytes(written(catalogue))
    return True


def update(po: Path, sentences: Catalog) -> bool:
    """Bring a language up to date: new sentences empty or guessed and marked fuzzy, gone ones
    removed; return whether it changed.
    """
    catalogue = read(po)
    before = po.read_bytes()
    date = catalogue.creation_date
    catalogue.update(sentences, update_header_comment=False, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.creation_date = date
    after = written(catalogue)
    if after != before:
        po.write_bytes(after)
    return after != before


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as it is kept: sorted, without line numbers, so that a change shows as
    what it is.
    """
    buffer = BytesIO()
    write_po(
        buffer, catalogue, sort_output=True, include_lineno=False, width=130, ignore_obsolete=True
    )
    return buffer.getvalue()


def write_template(pot: Path, sentences: Catalog) -> bool:
    """Write messages.pot; return whether it changed in more than its date."""
    if pot.exists():
        with pot.open("rb") as file:
            sentences.creation_date = read_po(file).creation_date
    after = written(sentences)
    if pot.exists() and pot.read_bytes() == after:
        return False
    pot.write_bytes(after)
    return True


def complaints(po: Path, sentences: Catalog) -> Iterator[str]:
    """Say what is wrong with a language, one sentence each."""
    catalogue = read(po)
    for sentence in sentences:
        if sentence.id:
            yield from _about(sentence, catalogue.get(sentence.id, sentence.context), catalogue)
    for message in catalogue:
        if message.id and sentences.get(message.id, message.context) is None:
            yield _("no longer in the code: %(sentence)s", sentence=first(message))


def first(message: Message) -> str:
    """Return the English sentence of a message."""
    return str(message.id[0] if isinstance(message.id, list | tuple) else message.id)


def _about(sentence: Message, translated: Message | None, catalogue: Catalog) -> Iterator[str]:
    """What is wrong with one sentence. Babel's own checks (`Message.check`) see other kinds of
    placeholders; a name that is missing, an unknown one and a single percent sign pass them.
    """
    words = _forms(translated.string) if translated is not None else []
    if (
        translated is None
        or not words
        or not all(words)
        or (sentence.pluralizable and len(words) != catalogue.num_plurals)
    ):
        yield _("missing: %(sentence)s", sentence=first(sentence))
    elif translated.fuzzy:
        yield _("to be looked at (fuzzy): %(sentence)s", sentence=first(sentence))
    elif not _agree(_forms(sentence.id), words) or translated.check(catalogue):
        yield _("other placeholders than the English: %(sentence)s", sentence=first(sentence))


def _agree(english: Sequence[str], words: Sequence[str]) -> bool:
    """Whether each form names what one of the English forms names."""
    allowed = [placeholders(one) for one in english]
    return all(placeholders(one) in allowed for one in words)


def placeholders(text: str) -> frozenset[str]:
    """Return the named words of a sentence; anything else after a percent sign counts as well, so
    that none breaks a sentence.
    """
    return frozenset(
        match["name"] if match["name"] and match["kind"] in "sd" else match[0]
        for match in PLACEHOLDER.finditer(text)
    )


def _forms(text: str | Sequence[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())
