"""Templates, scripts and styles of ours: nothing inline, nothing from elsewhere.

Here: reading the files as text. Not here: pages as they are answered (test_pages.py).
"""

from __future__ import annotations

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "app" / "templates"


def test_no_template_names_another_site_or_has_style_or_script_inline() -> None:
    for path in TEMPLATES.rglob("*.html"):
        name = path.relative_to(TEMPLATES)
        if name.parts[0] == "mail":
            continue
        text = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL)
        assert not re.search(r"\sstyle\s*=", text), (
            f"{name} has style=: give it a class of static/css/meibo.css"
        )
        assert not re.search(r"<style\b", text), (
            f"{name} has <style>: move it to static/css/meibo.css"
        )
        assert not re.search(r"<script(?![^>]*\b(?:src|type=\"application/json\"))", text), (
            f"{name} has an inline script: move it to static/js"
        )
        assert not re.search(r"\son\w+\s*=\s*[\"']", text), (
            f"{name} has an inline handler: move it to static/js"
        )
        found = [one for one in re.findall(r"https?://[\w.-]+", text) if "www.w3.org" not in one]
        assert not found, f"{name} names {found}: pages speak to this portal only"


def test_own_scripts_and_styles_fetch_nothing_from_elsewhere() -> None:
    for path in [
        *(TEMPLATES.parent / "static").glob("js/*.js"),
        *(TEMPLATES.parent / "static").glob("css/*.css"),
    ]:
        found = [
            one
            for one in re.findall(r"(?:https?:)?//[\w-]+\.[\w.-]+", path.read_text())
            if "www.w3.org" not in one
        ]
        assert not found, f"{path.name} names {found}"
