"""What scripts and templates never do: take files, make markup of words, keep secrets.

Here: reading them as text. Not here: the code (test_secure_code.py), what pages load
(test_pages.py).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.house.source import CODE, ROOT, words
from tests.house.source import name as where

SCRIPTS = sorted((ROOT / "app" / "static" / "js").glob("*.js"))
PAGES = sorted((ROOT / "app" / "templates").rglob("*.html"))


TAKES_A_FILE = {"app/templates/imports/file.html", "app/imports/forms.py"}


def test_one_page_takes_a_file(app: Flask) -> None:
    """ASVS 5.2.1, 5.2.2, 5.2.3, 5.2.4, 5.3.1, 5.4.3: there is one upload to check and unpack, of
    members; nothing of it is stored under its name or given back.
    """
    for path in PAGES:
        if not {"appbuilder", "macros"} & set(
            path.parts
        ):  # what an integrator's form is drawn with
            assert 'type="file"' not in path.read_text() or where(path) in TAKES_A_FILE, where(path)
    for path in CODE:
        assert "request.files" not in path.read_text(), (
            f"{where(path)} takes a file: docs/security.md says that none does"
        )
        takes = words(path) & {"FileField", "MultipleFileField"}
        assert not takes or where(path) in TAKES_A_FILE, where(path)


@pytest.mark.parametrize("path", SCRIPTS, ids=where)
def test_scripts_make_no_markup_or_code_of_words(path: Path) -> None:
    """ASVS 3.2.2, 1.2.3, 3.5.6, 3.5.7, 15.3.6: text stays text, and no name of others becomes a
    prototype's.
    """
    text = path.read_text()
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "__proto__",
        "constructor[",
        "postMessage",
        "srcdoc",
        "createContextualFragment",
        "import(",
        "XMLHttpRequest",
    ):
        assert word not in text, f"{where(path)} has {word}"
    assert not re.search(r"set(?:Timeout|Interval)\(\s*[\"'`]", text)
    assert "{{" not in text, (
        f"{where(path)} is no template: what needs a right is never in a script"
    )


@pytest.mark.parametrize("path", SCRIPTS, ids=where)
def test_the_browser_keeps_how_pages_look_and_nothing_else(path: Path) -> None:
    """ASVS 14.3.3: each thing that is kept is one of those that docs/security.md names."""
    kept = set(re.findall(r"[\"'`](meibo-[a-z]+)", path.read_text()))
    assert kept <= {"meibo-theme", "meibo-columns", "meibo-spot", "meibo-place"}, kept
    assert not re.search(r"document\.cookie|indexedDB|caches\.open|serviceWorker", path.read_text())
