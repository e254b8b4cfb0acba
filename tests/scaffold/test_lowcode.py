"""The same screen in five frameworks (bench/lowcode). It …"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from bench.lowcode import counted

ROOT = Path(__file__).resolve().parents[2]
STOCK = """
import sys
from bench.lowcode.stock_fab import create_app
app = create_app(sys.argv[1])
app.config["WTF_CSRF_ENABLED"] = False
with app.app_context():
    manager = app.appbuilder.sm
    manager.add_user("admin", "A", "A", "a@a.example", manager.find_role("Admin"), password="p")
client = app.test_client()
client.post("/login/", data={"username": "admin", "password": "p"})
print(client.get("/deviceview/list/").status_code, client.get("/deviceview/add").status_code)
"""


def test_has_as_many_lines_as_the_page_says() -> None:
    page = (ROOT / "docs" / "extending.md").read_text()
    row = re.search(r"^\| Lines.*$", page, re.MULTILINE)
    assert row is not None
    assert [int(cell) for cell in re.findall(r"\| (\d+) ", row[0])] == list(counted().values())


def test_was_walked_with_the_versions_that_the_page_names() -> None:
    page = (ROOT / "docs" / "extending.md").read_text()
    pinned = (ROOT / "bench" / "lowcode" / "requirements.txt").read_text().lower()
    header = re.search(r"^\| \| Meibo.*$", page, re.MULTILINE)
    assert header is not None
    named = re.findall(r"([A-Za-z-]+?)(?: admin)? ([0-9][0-9.]+) ", header[0])
    assert len(named) == 4
    for name, version in [*named, *re.findall(r"(SQLAlchemy) ([0-9.]+) and", page)]:
        assert f"\n{name.lower()}=={version}\n" in pinned, name


def test_runs_in_stock_flask_appbuilder(tmp_path: Path) -> None:
    """In a process of its own: its models share Flask-AppBuilder's tables with nobody."""
    done = subprocess.run(
        [sys.executable, "-c", STOCK, str(tmp_path / "stock.db")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["200", "200"], done.stderr
