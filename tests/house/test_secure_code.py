"""What the code never does: run text as code, glue SQL, fetch from elsewhere, take files, weaken a
hash. A failure names the line.

Here: reading the code as a tree. Not here: style (ruff), rooms (test_rooms.py), what pages load
(test_pages.py).
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

import app as portal

ROOT = Path(__file__).resolve().parents[2]
CODE = [*(ROOT / "app").rglob("*.py"), ROOT / "config.py", ROOT / "config_values.py"]
SCRIPTS = sorted((ROOT / "app" / "static" / "js").glob("*.js"))
PAGES = sorted((ROOT / "app" / "templates").rglob("*.html"))
UNSAFE_READERS = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "yaml",
    "xml",
    "lxml",
    "ldap3",
    "ldap",
    "zipfile",
    "tarfile",
    "gzip",
    "bz2",
    "lzma",
}
OUTWARD = {
    "requests",
    "httpx",
    "urllib3",
    "aiohttp",
    "urllib.request",
    "ftplib",
    "telnetlib",
    "http.client",
    "socket",
    "smtplib",
    "subprocess",
}
REACHING_OUT = {
    "app/outbox/smtp.py": {"smtplib"},
    "app/process_tree.py": {"subprocess"},
    "app/serve.py": {"http.client", "socket"},
    "app/web/buffered_worker.py": {"socket"},
}
"""The mail server; `make run`, which starts the web server and asks it whether it answers; the web
server's own worker, which is called and calls nobody.
"""
CRYPTOGRAPHY = {
    "hashlib",
    "hmac",
    "secrets",
    "cryptography",
    "argon2",
    "pyotp",
    "webauthn",
    "itsdangerous",
    "ssl",
}
WEAK = {"md5", "sha1", "MD5", "SHA1", "DES", "TripleDES", "ARC4", "Blowfish", "ECB", "PKCS1v15"}
RUNS_TEXT = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "render_template_string",
    "from_string",
    "system",
    "popen",
}


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(), str(path))))


def words(path: Path) -> set[str]:
    """Every name and attribute that a file mentions."""
    return {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in nodes(path)
        if isinstance(node, ast.Attribute | ast.Name)
    }


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    for node in nodes(path):
        if isinstance(node, ast.Call):
            called = node.func
            yield (
                node,
                (
                    called.attr
                    if isinstance(called, ast.Attribute)
                    else called.id
                    if isinstance(called, ast.Name)
                    else ""
                ),
            )


def belongs(module: str, names: set[str]) -> set[str]:
    return {name for name in names if module == name or module.startswith(f"{name}.")}


def is_constant(node: ast.expr) -> bool:
    """A string as it stands in the code, or the pieces of one."""
    if isinstance(node, ast.JoinedStr):
        return all(isinstance(one, ast.Constant) for one in node.values)
    return isinstance(node, ast.Constant) or (
        isinstance(node, ast.BinOp) and is_constant(node.left) and is_constant(node.right)
    )


def is_constant_s_name(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.FormattedValue)
        and isinstance(node.value, ast.Name)
        and node.value.id.isupper()
    )


def test_it_runs_no_text_as_code() -> None:
    """ASVS 1.3.2, 1.3.7, 1.2.5: neither Python, nor a template, nor a shell."""
    for path in CODE:
        for call, name in calls(path):
            is_re = (
                isinstance(call.func, ast.Attribute)
                and isinstance(call.func.value, ast.Name)
                and call.func.value.id == "re"
            )
            assert name not in RUNS_TEXT or is_re, f"{where(path)}:{call.lineno} runs text: {name}"
            assert not any(word.arg == "shell" for word in call.keywords), (
                f"{where(path)}:{call.lineno} asks a shell"
            )


def test_it_unpacks_nothing_that_could_act_and_no_archive() -> None:
    """ASVS 1.5.1, 1.5.2, 5.2.3: no XML, no pickles of others, no compressed files."""
    for path in CODE:
        found = {name for module in imports(path) for name in belongs(module, UNSAFE_READERS)}
        assert not found, f"{where(path)} imports {found}"


def test_it_calls_nobody_but_its_own_servers() -> None:
    """ASVS 1.3.6, 13.2.4, 13.2.5, 14.2.3, 15.3.2: no address that anybody typed is ever fetched."""
    for path in CODE:
        found = {
            name for module in imports(path) for name in belongs(module, OUTWARD)
        } - REACHING_OUT.get(where(path), set())
        assert not found, (
            f"{where(path)} imports {found}: whoever reaches out stands in REACHING_OUT and in"
            " docs/security.md"
        )


def test_its_sql_is_never_glued() -> None:
    """ASVS 1.2.4: raw SQL is constant text; values travel as parameters."""
    for path in CODE:
        for call, name in calls(path):
            if (
                name in {"text", "exec_driver_sql", "literal_column", "DDL"}
                and call.args
                and "migrations" not in path.parts
            ):
                assert is_constant(call.args[0]) or isinstance(call.args[0], ast.Name), (
                    f"{where(path)}:{call.lineno} glues SQL"
                )


def test_its_patterns_are_its_own() -> None:
    """ASVS 1.2.9: no expression is made of what somebody typed."""
    for path in CODE:
        for call, name in calls(path):
            is_re = (
                isinstance(call.func, ast.Attribute)
                and isinstance(call.func.value, ast.Name)
                and call.func.value.id == "re"
            )
            if is_re and name != "escape":
                first = call.args[0]
                pieces = first.values if isinstance(first, ast.JoinedStr) else [first]
                own = all(is_constant(one) or is_constant_s_name(one) for one in pieces)
                assert own, f"{where(path)}:{call.lineno} makes a pattern of something"


def test_no_pattern_takes_long_over_anything() -> None:
    """ASVS 1.3.12: every pattern of ours against texts made to lead it astray."""
    found: set[re.Pattern[str]] = set()
    for module in pkgutil.walk_packages(portal.__path__, "app."):
        if ".migrations" not in module.name:
            values = vars(importlib.import_module(module.name)).values()
            found |= {
                value
                for value in values
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
            }
    parts = (
        "a",
        "<",
        "<>",
        "< ",
        "<a>",
        " ",
        "0",
        "%",
        "%(",
        "-",
        ".",
        ",",
        "@",
        "あ",
        "\t",
        "meibo_",
    )
    evil = [part * 20_000 + end for part in parts for end in ("", "!", "<", "\n", "\x00")]
    assert found
    for pattern in found:
        begun = time.process_time()
        for text in evil:
            pattern.search(text)
        assert time.process_time() - begun < 3, f"{pattern.pattern} takes long"


def test_its_hashes_and_ciphers_are_not_weak() -> None:
    """ASVS 11.3.1, 11.3.2, 11.4.1, 11.5.1: and chance comes from `secrets`, never from `random` or
    a UUID.
    """
    for path in CODE:
        assert not words(path) & WEAK, f"{where(path)} uses {words(path) & WEAK}"
        if not path.name.startswith("demo"):
            assert not {"random", "uuid"} & set(imports(path)), (
                f"{where(path)}: take secrets instead"
            )


def test_every_room_with_cryptography_is_in_the_inventory() -> None:
    """ASVS 11.1.2, 11.2.1: docs/security.md names each module that touches a primitive; all of them
    are libraries'.
    """
    page = (ROOT / "docs" / "security.md").read_text()
    for path in CODE:
        if {name for module in imports(path) for name in belongs(module, CRYPTOGRAPHY)}:
            name = where(path).removeprefix("app/").removesuffix(".py").replace("/", ".")
            assert f"`{name}`" in page, f"docs/security.md, Cryptography: {name} is missing"


def test_no_page_takes_a_file(app: Flask) -> None:
    """ASVS 5.2.1, 5.2.2, 5.2.3, 5.2.4, 5.3.1, 5.4.3: there is no upload to check, unpack, store or
    scan.
    """
    for path in PAGES:
        if not {"appbuilder", "macros"} & set(
            path.parts
        ):  # what an integrator's form is drawn with
            assert 'type="file"' not in path.read_text(), where(path)
    for path in CODE:
        assert "request.files" not in path.read_text(), (
            f"{where(path)} takes a file: docs/security.md says that none does"
        )
        assert not words(path) & {"FileField", "MultipleFileField"}, where(path)


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


def test_every_dependency_is_locked_with_its_hash() -> None:
    """ASVS 15.1.2, 15.2.1: the lock is the list of what runs, each with a version and its files'
    checksums.
    """
    wanted = {
        re.split(r"[\[>=<~; ]", one)[0]
        for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    }
    for lock in ("requirements.txt", "requirements-test.txt"):
        entries = re.split(r"\n(?=[a-z])", (ROOT / lock).read_text().strip())
        names = {re.split(r"[\[=]", entry)[0] for entry in entries}
        assert wanted <= names
        for entry in entries:
            assert re.match(r"[a-z0-9._-]+(\[\w+\])?==\S+", entry), entry[:60]
            assert "--hash=sha256:" in entry, entry[:60]
    assert "--require-hashes" in (ROOT / "Makefile").read_text()
    assert not re.search(
        r"--(?:extra-)?index-url|git\+|https?://", (ROOT / "requirements.txt").read_text()
    )
