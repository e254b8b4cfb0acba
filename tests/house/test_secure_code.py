"""What the code never does: run text as code, glue SQL, fetch from elsewhere, weaken a hash. A
failure names the line.

Here: reading the code as a tree. Not here: style (ruff), rooms (test_rooms.py), expressions
(test_patterns.py), scripts and templates (test_secure_pages.py), what pages load (test_pages.py).
"""

from __future__ import annotations

import ast
import re
import tomllib

from tests.house.source import CODE, ROOT, calls, imports, is_constant, words
from tests.house.source import name as where

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
    "app/imports/workbooks.py": {"subprocess"},
    "app/serve.py": {"http.client", "socket"},
    "app/http/buffered_worker.py": {"socket"},
    "app/kernel/outgoing.py": {"http.client", "socket"},
}
"""The mail server; `make run`, which starts the web server and asks it whether it answers; the
process in which a workbook is opened, from a list of constants; the web server's own worker, which
is called and calls nobody; the one guarded way in which another server is asked for something.
"""
MEASURED = {
    "app/imports/workbooks.py": {"zipfile"},
    "app/imports/workbook_child.py": {"zipfile"},
    "app/backup/archive.py": {"zipfile"},
}
"""Who reads an archive: each entry is counted through, then opened in a process with limits; the
operator’s own is read as a stream.
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


def belongs(module: str, names: set[str]) -> set[str]:
    return {name for name in names if module == name or module.startswith(f"{name}.")}


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
    """ASVS 1.5.1, 1.5.2, 5.2.3: no XML, no pickles of others, no compressed files but workbooks."""
    for path in CODE:
        found = {
            name for module in imports(path) for name in belongs(module, UNSAFE_READERS)
        } - MEASURED.get(where(path), set())
        assert not found, f"{where(path)} imports {found}"


def test_it_calls_nobody_but_its_own_servers() -> None:
    """ASVS 1.3.6, 13.2.4, 13.2.5, 14.2.3, 15.3.2: no address that anybody typed is asked for
    anything but by `kernel.outgoing`.
    """
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
