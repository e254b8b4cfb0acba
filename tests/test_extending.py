"""docs/extending.md, done exactly as the page shows: its blocks of code become a package, and a portal runs with it. It …

Here: the package as on the page, walked through in a process of its own, because what it adds stays added for the process.
"""
from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "extending.md"
BLOCK = re.compile(r"```(?:python|po)\n# (?P<path>servers/\S+)\n(?P<text>.*?)```", re.DOTALL)
Seen = dict[str, Any]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """What was seen on a walk through a portal with the page's package in it."""
    folder = tmp_path_factory.mktemp("added")
    for block in BLOCK.finditer(PAGE.read_text()):
        file = folder / block["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block["text"])
    for command in commands():
        run(command, folder)
    found: Seen = json.loads(run([sys.executable, "-P", __file__, str(folder)], folder).splitlines()[-1])
    return found


def commands() -> list[list[str]]:
    """The page's commands, but for those that run until they are stopped."""
    tools = Path(sys.executable).parent
    lines = re.findall(r"\.venv/bin/((?:pybabel|flask) [^#`\n]+)", PAGE.read_text())
    return [[str(tools / line.split()[0]), *line.split()[1:]] for line in lines if "worker" not in line]


def run(command: list[str], folder: Path) -> str:
    """Run a command in the package's folder, as its operator would."""
    environment = {
        **os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}", "INSTANCE_PATH": str(folder / "instance"), "PORTAL_URL": "http://localhost",
    }
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def test_the_page_names_every_file_once() -> None:
    paths = [block["path"] for block in BLOCK.finditer(PAGE.read_text())]
    assert len(paths) == len(set(paths)) == 7


def test_the_page_names_the_commands_that_make_it_work() -> None:
    assert [command[1:] for command in commands()] == [
        ["compile", "-d", "servers/translations"], ["--app", "servers", "portal", "upgrade"], ["--app", "servers", "servers-upgrade"],
    ]


def test_offers_its_authorities_wherever_authorities_are_given(seen: Seen) -> None:
    """In a role, to a member and with an invitation, under a heading of their own, in both languages."""
    for page in ("roles/add", "members/edit", "invites/add"):
        assert seen["offered"][page] == ["server_viewer", "server_editor"], page
    assert seen["japanese"] == ["サーバー", "サーバー閲覧権限", "組織のサーバーを表示します"]


def test_opens_to_power_users_at_once(seen: Seen) -> None:
    """S0-14: what is added to the catalogue, power users hold."""
    assert seen["tanaka"] == {"menu": True, "list": 200, "add": 200, "buttons": True}


def test_is_closed_without_the_authority_in_menu_list_and_post(seen: Seen) -> None:
    assert seen["smith without"] == {"menu": False, "list": 403, "add": 403, "buttons": False}
    assert seen["smith without, POST"] == 403
    assert seen["403 names"] == ["Server Viewer", "田中 太郎"]


def test_opens_with_the_authority_however_it_was_given(seen: Seen) -> None:
    """Singly and in a role; to read is not to write."""
    for how in ("smith, singly", "smith, in a role"):
        assert seen[how] == {"menu": True, "list": 200, "add": 403, "buttons": False}, how
    assert seen["smith, may edit"] == {"menu": True, "list": 200, "add": 200, "buttons": True}


def test_is_closed_again_on_the_very_next_request(seen: Seen) -> None:
    """D-C1."""
    assert seen["smith, taken away"] == {"menu": False, "list": 403, "add": 403, "buttons": False}


def test_takes_along_what_an_authority_needs(seen: Seen) -> None:
    """S0-25, for an added one."""
    assert seen["role of an editor"] == ["server_editor", "server_viewer"]


def test_adds_edits_finds_and_removes_rows(seen: Seen) -> None:
    assert seen["rows"] == [["web", "192.0.2.1"], ["web-1", "192.0.2.9"], []]
    assert seen["found"] == [True, False]


def test_says_no_at_the_field(seen: Seen) -> None:
    assert seen["refused"] == {"same name": [409, True], "no name": [422, True], "control character": [422, True]}


def test_leaves_lines_in_the_activity_log(seen: Seen) -> None:
    assert seen["log"] == ["added the server web.", "edited the server web-1.", "removed the server web-1."]
    assert seen["log in Japanese"] == "がサーバー「web」を追加しました。"


def test_keeps_to_the_organization_in_the_address(seen: Seen) -> None:
    """S0-01, S4-09: by list, by row, by POST, under either address."""
    assert seen["yamada"] == [404, 404, 404, 404, 404]
    assert seen["yamada sees at home"] == ["theirs"]


def test_asks_strangers_to_sign_in_and_lets_the_platform_administrator_pass(seen: Seen) -> None:
    """S4-02."""
    assert seen["stranger"].startswith("/login/")
    assert seen["root"] == {"menu": True, "list": 200, "add": 200, "buttons": True}


def walk(folder: Path) -> Seen:
    """Start a portal with the package in it, use it as the page says, and return what was seen."""
    from servers import create_app  # type: ignore[import-not-found]

    from tests.conftest import PortalClient, settings_for

    app = create_app(settings_for(folder / "instance"))
    app.test_client_class = PortalClient
    seen: Seen = {}
    with app.app_context():
        Walk(app, seen).go()
    return seen


class Walk:
    """The walk: each step notes what it saw."""

    def __init__(self, app: Any, seen: Seen) -> None:
        from tests import cast

        self.app, self.seen, self.cast = app, seen, cast.assemble()

    def browser(self, who: Any) -> Any:
        return self.app.test_client().sign_in(who)

    def text(self, who: Any, path: str) -> str:
        return str(self.browser(who).get(path, follow_redirects=True).get_data(as_text=True))

    def facts(self, who: Any) -> dict[str, Any]:
        browser = self.browser(who)
        shown = browser.get("/o/aozora/servers/list/")
        return {
            "menu": 'href="/o/aozora/servers/list/"' in browser.get("/o/aozora/").get_data(as_text=True), "list": shown.status_code,
            "add": browser.get("/o/aozora/servers/add").status_code, "buttons": "/o/aozora/servers/add" in shown.get_data(as_text=True),
        }

    def go(self) -> None:
        self.look_at_what_is_offered()
        self.walk_as_tanaka()
        self.walk_as_smith()
        self.walk_as_others()

    def look_at_what_is_offered(self) -> None:
        cast, boxes = self.cast, re.compile(r'value="(server_\w+)" id="authorities-')
        pages = {"roles/add": "roles/add", "invites/add": "invites/add", "members/edit": f"members/edit/{cast.membership(cast.smith).id}"}
        self.seen["offered"] = {name: boxes.findall(self.text(cast.tanaka, f"/o/aozora/{path}")) for name, path in pages.items()}
        cast.tanaka.language = "ja_JP"
        page = self.text(cast.tanaka, "/o/aozora/roles/add")
        self.seen["japanese"] = [words for words in ("サーバー", "サーバー閲覧権限", "組織のサーバーを表示します") if words in page]
        cast.tanaka.language = "en"

    def walk_as_tanaka(self) -> None:
        self.seen["tanaka"] = self.facts(self.cast.tanaka)
        tanaka, add = self.browser(self.cast.tanaka), "/o/aozora/servers/add"
        rows = [self.after(tanaka.submit(add, {"name": "web", "address": "192.0.2.1"}))]
        self.seen["refused"] = {
            "same name": self.said(tanaka.submit(add, {"name": "web"}), "There is already a server called web."),
            "no name": self.said(tanaka.submit(add, {"name": " "}), "Fill this in."),
            "control character": self.said(tanaka.submit(add, {"name": "a\x00"}), "cannot be used here"),
        }
        tanaka.submit("/o/aozora/servers/edit/1", {"name": "web-1", "address": "192.0.2.9"})
        rows.append(self.after(None))
        self.seen["found"] = ["web-1" in tanaka.get(f"/o/aozora/servers/list/?q={words}").get_data(as_text=True) for words in ("WEB", "%25")]
        tanaka.submit("/o/aozora/servers/delete/1")
        self.seen["rows"] = [*rows, self.after(None)]
        self.read_the_log()

    def after(self, _answer: Any) -> list[str]:
        from servers.model import Server  # type: ignore[import-not-found]

        from app.extensions import db

        db.session.expire_all()
        return [value for row in db.session.query(Server) for value in (row.name, row.address)]

    def said(self, answer: Any, sentence: str) -> list[Any]:
        return [answer.status_code, sentence in answer.get_data(as_text=True)]

    def read_the_log(self) -> None:
        log, tanaka = "/o/aozora/activity/list/?group=servers", self.cast.tanaka
        sentences = re.findall(r'class="line">\s*(.*?)(?:<ul|<a )', self.text(tanaka, log), re.DOTALL)
        self.seen["log"] = [re.sub(r"<[^>]+>", "", one).strip().removeprefix("田中 太郎 ") for one in reversed(sentences)]
        tanaka.language = "ja_JP"
        told = re.sub(r"<[^>]+>", "", self.text(tanaka, log))
        self.seen["log in Japanese"] = next((part for part in ("がサーバー「web」を追加しました。",) if part in told), told)
        tanaka.language = "en"

    def walk_as_smith(self) -> None:
        from tests import factories

        smith, row = self.cast.smith, self.cast.membership(self.cast.smith)
        self.seen["smith without"] = self.facts(smith)
        self.seen["smith without, POST"] = self.browser(smith).submit("/o/aozora/servers/add", {"name": "x"}, page="/").status_code
        page = self.text(smith, "/o/aozora/servers/list/")
        self.seen["403 names"] = [words for words in ("Server Viewer", "田中 太郎") if words in page]
        row.authorities = frozenset({"server_viewer"})
        self.seen["smith, singly"] = self.facts(smith)
        row.authorities, row.roles = frozenset(), [factories.role(self.cast.aozora, "Watch", "server_viewer")]
        self.seen["smith, in a role"] = self.facts(smith)
        self.browser(self.cast.tanaka).submit("/o/aozora/roles/add", {"name": "Ops", "authorities": ["server_editor"]})
        ops = self.role("Ops")
        self.seen["role of an editor"] = sorted(ops.authorities)
        row.roles = [ops]
        self.seen["smith, may edit"] = self.facts(smith)
        row.roles = []
        self.seen["smith, taken away"] = self.facts(smith)

    def role(self, name: str) -> Any:
        from app.extensions import db
        from app.models import MemberRole

        return db.session.query(MemberRole).filter_by(name=name).one()

    def walk_as_others(self) -> None:
        from servers.model import Server

        from app.extensions import db

        ours, theirs = (Server(organization_id=one.id, name=name) for one, name in ((self.cast.aozora, "ours"), (self.cast.minato, "theirs")))
        db.session.add_all([ours, theirs])
        db.session.commit()
        yamada, pk = self.browser(self.cast.yamada), ours.id
        addresses = ["/o/aozora/servers/list/", f"/o/aozora/servers/show/{pk}", f"/o/minato/servers/show/{pk}", f"/o/minato/servers/edit/{pk}"]
        statuses = [yamada.get(path).status_code for path in addresses]
        self.seen["yamada"] = [*statuses, yamada.submit(f"/o/minato/servers/delete/{pk}", page="/").status_code]
        home = self.text(self.cast.yamada, "/o/minato/servers/list/")
        self.seen["yamada sees at home"] = [name for name in ("ours", "theirs") if f">{name}<" in home]
        self.seen["stranger"] = self.app.test_client().get("/o/aozora/servers/list/").location
        self.seen["root"] = self.facts(self.cast.root)


if __name__ == "__main__":
    print(json.dumps(walk(Path(sys.argv[1]))))
