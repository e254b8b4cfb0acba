"""Vendored files are what their list says they are."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "app" / "static" / "vendor"
LIST = tomllib.loads((VENDOR / "VENDOR.toml").read_text())


def test_every_listed_file_has_its_checksum() -> None:
    for name, entry in LIST.items():
        assert entry["version"]
        assert entry["licence"]
        for path, checksum in entry["files"].items():
            found = hashlib.sha256((VENDOR / path).read_bytes()).hexdigest()
            assert found == checksum, (
                f"{name}: {path} is not the file that VENDOR.toml lists; its checksum is {found}"
            )


def test_every_vendored_file_is_listed() -> None:
    listed = {(VENDOR / path).resolve() for entry in LIST.values() for path in entry["files"]}
    there = {
        path.resolve()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDOR.toml"
    }
    assert there <= listed, f"list these in VENDOR.toml: {sorted(map(str, there - listed))}"


def test_no_old_bootstrap_no_jquery_and_no_inline_script_is_left() -> None:
    templates = VENDOR.parents[1] / "templates"
    for path in templates.rglob("*.html"):
        if "mail" in path.relative_to(templates).parts:
            continue
        text = path.read_text().lower()
        for word in (
            "jquery",
            "glyphicon",
            "data-toggle",
            "onclick=",
            "onsubmit=",
            "onchange=",
            'style="',
            "javascript:",
            "panel panel-",
            "btn-default",
            "font-awesome",
        ):
            assert word not in text, f"{path.relative_to(templates)} still has {word}"
        assert "<script>" not in text, (
            f"{path.relative_to(templates)} has an inline script: move it to static/js"
        )
