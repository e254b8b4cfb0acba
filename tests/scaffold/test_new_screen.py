"""A new screen. It …

Here: what is written, that it runs as written, and what is refused. Not here: its migrations from
then on (test_migrations.py).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.kernel.errors import Refusal
from app.scaffold import column_specs, screens
from tests.scaffold.conftest import Workshop

DEVICES = ("name:str", "serial:str(40)", "kind:choice(laptop,phone)", "holder:member")
EVERY = (*DEVICES, "lent_on:date", "returned:bool", "note:text", "places:int", "price:decimal")
OTHERS = ("weight:decimal(8,3)", "checked_at:moment", "manual:link", "lender:member")


def test_runs_and_its_test_passes_as_written(folder: Workshop) -> None:
    """With a column of every type, and one that points to the package that was written first."""
    said = folder.flask("--app", "app", "portal", "new-screen", "devices", *EVERY, *OTHERS)
    assert "still to be translated in devices/translations: Devices, Device, Serial" in said
    assert "Name" not in said and "python -m pytest devices" in said
    kept = (folder.folder / "devices" / "__init__.py").read_text()
    assert all(len(line) <= 100 for line in kept.splitlines())
    folder.flask(
        "--app", "app", "portal", "new-screen", "loans", "device:devices.Device", "at:date"
    )
    ended = folder.start("-m", "pytest", "-q", "devices", "loans")
    told, _complained = ended.communicate(timeout=200)
    assert ended.returncode == 0 and "6 passed" in told, told
    words = ("--app", "devices", "portal", "new-screen", "devices", "name:str")
    assert "is there already, and nothing is overwritten" in folder.flask(*words, fails=True)
    assert (folder.folder / "devices" / "__init__.py").read_text() == kept


def test_begins_with_the_portals_own_words(folder: Workshop) -> None:
    """In Japanese what the portal says too; the rest is left empty; English can be changed."""
    folder.flask("--app", "app", "portal", "new-screen", "devices", *DEVICES)
    said = [
        (folder.folder / "devices" / "translations" / code / "LC_MESSAGES" / "messages.po")
        for code in ("ja_JP", "en")
    ]
    japanese, english = (path.read_text() for path in said)
    assert 'msgid "Name"\nmsgstr "名前"' in japanese
    assert 'msgid "Laptop"\nmsgstr ""' in japanese and 'msgid "Name"\nmsgstr ""' in english


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "There is no type “number”. Write str, text, int, decimal, bool, date,"),
        ("ja_JP", "「number」という型はありません。"),
    ],
)
def test_refuses_in_one_sentence_and_leaves_nothing(
    folder: Workshop, language: str, sentence: str
) -> None:
    folder.language = language
    words = ("--app", "app", "portal", "new-screen", "devices", "name:number")
    said = folder.flask(*words, fails=True)
    assert sentence in said and said.count("\n") == 1
    assert not (folder.folder / "devices").exists()


@pytest.mark.parametrize(
    ("word", "asked", "refusal"),
    [
        ("Devices", "name:str", screens.NotAWord),
        ("device", "name:str", screens.NotAWord),
        ("de-vices", "name:str", screens.NotAWord),
        ("../devices", "name:str", screens.NotAWord),
        ("ifs", "name:str", screens.NotAWord),
        ("members", "name:str", screens.IsTaken),
        ("memberships", "name:str", screens.IsTaken),
        ("accounts", "name:str", screens.IsTaken),
        ("tests", "name:str", screens.IsTaken),
        ("gadgets", "", screens.NoColumns),
        ("gadgets", "name", column_specs.NotAColumn),
        ("gadgets", "name:", column_specs.NotAColumn),
        ("gadgets", "name:str:40", column_specs.NotAColumn),
        ("gadgets", "name:str name:text", column_specs.Twice),
        ("gadgets", "holder:member holder_id:int", column_specs.Twice),
        ("gadgets", "class:str", column_specs.NotAName),
        ("gadgets", "Name:str", column_specs.NotAName),
        ("gadgets", "id:int", column_specs.NotAName),
        ("gadgets", "version:int", column_specs.NotAName),
        ("gadgets", "organization_id:int", column_specs.NotAName),
        ("gadgets", "organization:member", column_specs.NotAName),
        ("gadgets", "metadata:str", column_specs.NotAName),
        ("gadgets", "page_size:int", column_specs.NotAName),
        ("gadgets", "_name:str", column_specs.NotAName),
        ("gadgets", "名前:str", column_specs.NotAName),
        ("gadgets", "name:String", column_specs.NotAType),
        ("gadgets", "name:str(x)", column_specs.NotAType),
        ("gadgets", "price:decimal(8)", column_specs.NotAType),
        ("gadgets", "returned:bool(1)", column_specs.NotAType),
        ("gadgets", "room:rooms.Room", column_specs.NotAType),
        ("gadgets", "kind:choice", column_specs.NoChoices),
        ("gadgets", "kind:choice()", column_specs.NoChoices),
        ("gadgets", "kind:choice(Laptop)", column_specs.NoChoices),
        ("gadgets", 'kind:choice(a="b")', column_specs.NoChoices),
    ],
)
def test_refuses_what_could_not_run(
    app: Flask, tmp_path: Path, word: str, asked: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        screens.new_screen(tmp_path, word, asked.split(), {})
    assert list(tmp_path.iterdir()) == []
