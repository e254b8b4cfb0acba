"""`flask translations update`, `compile`, `check`, `add`: the translators' four commands. It …"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po
from click.testing import Result

from app.i18n import catalogue
from config import ROOT
from tests.translations.conftest import Speaking

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def sentences() -> bytes:
    """What the code says, which does not change meanwhile: gathering it takes two seconds."""
    return pickle.dumps(catalogue.extract(ROOT))


@pytest.fixture
def run(speaking: Speaking, sentences: bytes, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("check")`: what `flask translations check` does."""
    portal = speaking()
    monkeypatch.setattr(catalogue, "extract", lambda _root: pickle.loads(sentences))
    return lambda *words: portal.test_cli_runner().invoke(args=["translations", *words])


@pytest.fixture
def japanese(folder: Path) -> Path:
    """The Japanese catalogue, with every hole filled in by its English sentence."""
    return folder / "ja_JP" / "LC_MESSAGES" / "messages.po"


def fill(po: Path) -> None:
    with po.open("rb") as file:
        catalogue = read_po(file, locale="ja_JP")
    for message in catalogue:
        if message.id and (message.fuzzy or not message.string or not all(message.string)):
            message.string = (message.id[1],) if message.pluralizable else message.id
            message.flags.discard("fuzzy")
    with po.open("wb") as file:
        write_po(file, catalogue, width=130)


def without(po: Path, sentence: str) -> None:
    """Take an entry out of a .po."""
    entries = po.read_text().split("\n\n")
    kept = [entry for entry in entries if f'msgid "{sentence}"' not in entry]
    assert len(kept) < len(entries)
    po.write_text("\n\n".join(kept))


def entry(po: Path, sentence: str) -> str:
    return next((one for one in po.read_text().split("\n\n") if f'msgid "{sentence}"' in one), "")


# update


def test_update_brings_in_what_the_code_says_now(run: Run, japanese: Path, folder: Path) -> None:
    without(japanese, "Activity log")
    answer = run("update")
    assert (answer.exit_code, answer.stdout) == (0, "日本語: brought up to date.\n")
    assert entry(japanese, "Activity log").endswith('msgstr ""') or "fuzzy" in entry(
        japanese, "Activity log"
    )
    assert 'msgid "Activity log"' in (folder / "messages.pot").read_text()


def test_update_takes_out_what_the_code_says_no_more(run: Run, japanese: Path) -> None:
    japanese.write_text(
        japanese.read_text() + '\nmsgid "Nobody says this"\nmsgstr "誰も言わない"\n'
    )
    run("update")
    assert "Nobody says this" not in japanese.read_text()


def test_update_changes_nothing_the_second_time(run: Run, japanese: Path, folder: Path) -> None:
    run("update")
    before = {path: path.read_bytes() for path in (japanese, folder / "messages.pot")}
    assert run("update").stdout == "日本語: nothing new.\n"
    assert {path: path.read_bytes() for path in before} == before


def test_update_keeps_what_was_translated(run: Run, japanese: Path) -> None:
    run("update")
    japanese.write_text(
        japanese.read_text().replace('msgid "Home"\nmsgstr "ホーム"', 'msgid "Home"\nmsgstr "玄関"')
    )
    run("update")
    assert 'msgid "Home"\nmsgstr "玄関"' in japanese.read_text()


def test_update_shows_translators_where_a_sentence_stands_and_what_it_is_for(
    run: Run, japanese: Path
) -> None:
    run("update")
    text = japanese.read_text()
    assert "#: app/" in text
    assert not re.search(r"#: .*:\d", text), "no line numbers: they would change with every commit"


# check


def test_check_is_content_with_a_complete_catalogue(run: Run, japanese: Path) -> None:
    run("update")
    fill(japanese)
    answer = run("check")
    assert (answer.exit_code, answer.stdout, answer.stderr) == (0, "日本語: complete.\n", "")


@pytest.mark.parametrize(
    ("slip", "complaint"),
    [
        (('msgid "Home"\nmsgstr "ホーム"', 'msgid "Home"\nmsgstr ""'), "missing: Home"),
        (('msgid "Home"\n', 'msgid "House"\n'), "no longer in the code: House"),
        (
            (
                "%(actor)sがロール「%(subject)s」を作成しました。",
                "%(actor)sがロールを作成しました。",
            ),
            "other placeholders than the English: %(actor)s created the role %(subject)s.",
        ),
        (
            ("ロール「%(subject)s」を作成しました。", "ロール「%(subject)」を作成しました。"),
            "other placeholders than the English",
        ),
        (
            (
                "%(actor)sがロール「%(subject)s」を作成しました。",
                "%(actor)sがロール「%(subject)s」を100%作成しました。",
            ),
            "other placeholders than the English",
        ),
        (
            ("1つのセルは%(max)d文字", "1つのセルは%(max)s文字"),
            "other placeholders than the English: A cell has at most %(max)d characters.",
        ),
        (
            ('msgstr "ホーム"', 'msgstr "ホーム"\n\n#, fuzzy\nmsgid "Members"\nmsgstr "メンバー"'),
            "to be looked at (fuzzy): Members",
        ),
    ],
    ids=[
        "missing",
        "obsolete",
        "placeholder gone",
        "placeholder broken",
        "bare percent sign",
        "placeholder of another kind",
        "fuzzy",
    ],
)
def test_check_names_the_sentence_and_what_is_wrong(
    run: Run, japanese: Path, slip: tuple[str, str], complaint: str
) -> None:
    run("update")
    fill(japanese)
    if "fuzzy" in complaint:
        without(japanese, "Members")
    before = japanese.read_text()
    assert slip[0] in before
    japanese.write_text(before.replace(slip[0], slip[1], 1))
    answer = run("check")
    assert answer.exit_code == 1
    assert f"ja_JP: {complaint}" in answer.stderr
    assert "a translator." in answer.stderr.splitlines()[-1]
    assert "complete" not in answer.stdout


def test_check_wants_every_plural_form(run: Run, folder: Path) -> None:
    run("add", "fr")
    po = folder / "fr" / "LC_MESSAGES" / "messages.po"
    one = 'msgid "%(num)s power user"\nmsgid_plural "%(num)s power users"\n'
    po.write_text(po.read_text().replace(f'{one}msgstr[0] ""', f'{one}msgstr[0] "%(num)s membre"'))
    assert "fr: missing: %(num)s power user\n" in run("check").stderr


# compile, add


def test_compile_writes_what_the_portal_reads(run: Run, japanese: Path) -> None:
    run("compile")
    japanese.write_text(japanese.read_text().replace('msgstr "ホーム"', 'msgstr "玄関"'))
    mo = japanese.with_suffix(".mo")
    assert "玄関".encode() not in mo.read_bytes()
    answer = run("compile")
    assert (answer.exit_code, answer.stdout) == (0, "日本語: compiled.\n")
    assert "玄関".encode() in mo.read_bytes()


def test_compile_leaves_fuzzy_sentences_in_english(run: Run, japanese: Path) -> None:
    """What a machine guessed is shown to nobody."""
    japanese.write_text(
        japanese.read_text().replace(
            'msgid "Home"\nmsgstr "ホーム"', 'msgid "Home"\nmsgstr "☃機械翻訳☃"'
        )
    )
    text = japanese.read_text()
    at = text.rindex("\n\n", 0, text.index('msgid "Home"')) + 2
    japanese.write_text(text[:at] + "#, fuzzy\n" + text[at:])
    run("compile")
    assert "☃機械翻訳☃".encode() not in japanese.with_suffix(".mo").read_bytes()


@pytest.mark.parametrize("language", ["fr", "pt_BR", "zh_Hant"])
def test_add_starts_a_language_with_every_sentence_empty(
    run: Run, folder: Path, language: str
) -> None:
    answer = run("add", language)
    assert answer.exit_code == 0
    assert answer.stdout.endswith(": started.\n")
    po = folder / language / "LC_MESSAGES" / "messages.po"
    assert f"Language: {language}" in po.read_text()
    assert entry(po, "Home").endswith('msgstr ""')


def test_add_leaves_a_language_that_is_there(run: Run, japanese: Path) -> None:
    before = japanese.read_bytes()
    answer = run("add", "ja_JP")
    assert (answer.exit_code, answer.stdout) == (0, "日本語 is there already.\n")
    assert japanese.read_bytes() == before


@pytest.mark.parametrize("language", ["tlh-x", "french", "../x", "", "zz"])
def test_add_knows_what_is_no_language(run: Run, folder: Path, language: str) -> None:
    answer = run("add", language)
    assert answer.exit_code == 2
    assert f"“{language}” is not the code of a language." in answer.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["babel.cfg", "ja_JP", "messages.pot"]


@pytest.mark.parametrize("command", ["update", "compile", "check"])
def test_a_slip_in_a_file_is_named_in_a_sentence(run: Run, japanese: Path, command: str) -> None:
    before = japanese.read_text()
    for slip in (before + "\nnonsense without quotes\n").encode(), before.encode("utf-16"):
        japanese.write_bytes(slip)
        answer = run(command)
        assert answer.exit_code == 1
        assert "messages.po cannot be read:" in answer.stderr
        assert "Traceback" not in answer.output
        assert japanese.read_bytes() == slip, "and the file is left alone"
