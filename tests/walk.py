"""The walk of test_extending.py: a portal with the page's package in it, used as the page says.

Here: what is done, and noted. Not here: what is expected. Runs in a process of its own, because
what is added stays added for the process.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

Seen = dict[str, Any]


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
            "menu": 'href="/o/aozora/servers/list/"'
            in browser.get("/o/aozora/").get_data(as_text=True),
            "list": shown.status_code,
            "add": browser.get("/o/aozora/servers/add").status_code,
            "buttons": "/o/aozora/servers/add" in shown.get_data(as_text=True),
        }

    def go(self) -> None:
        self.look_at_what_is_offered()
        self.walk_as_tanaka()
        self.walk_as_smith()
        self.walk_as_others()
        self.remove_a_holder()

    def look_at_what_is_offered(self) -> None:
        cast, boxes = self.cast, re.compile(r'value="(server_\w+)" id="authorities-')
        pages = {
            "roles/add": "roles/add",
            "invites/add": "invites/add",
            "members/edit": f"members/edit/{cast.membership(cast.smith).id}",
        }
        self.seen["offered"] = {
            name: boxes.findall(self.text(cast.tanaka, f"/o/aozora/{path}"))
            for name, path in pages.items()
        }
        cast.tanaka.language = "ja_JP"
        page = self.text(cast.tanaka, "/o/aozora/roles/add")
        self.seen["japanese"] = [
            words
            for words in ("サーバー", "サーバー閲覧権限", "組織のサーバーを表示します")
            if words in page
        ]
        cast.tanaka.language = "en"

    def walk_as_tanaka(self) -> None:
        self.seen["tanaka"] = self.facts(self.cast.tanaka)
        tanaka, add = self.browser(self.cast.tanaka), "/o/aozora/servers/add"
        rows = [self.after(tanaka.submit(add, {"name": "web", "address": "192.0.2.1"}))]
        self.seen["refused"] = {
            "same name": self.said(
                tanaka.submit(add, {"name": "web"}), "There is one with this value already"
            ),
            "no name": self.said(tanaka.submit(add, {"name": " "}), "Fill this in."),
            "no address": self.said(
                tanaka.submit(add, {"name": "a", "address": "x"}), "“x” is no IP address."
            ),
            "control character": self.said(
                tanaka.submit(add, {"name": "a\x00"}), "cannot be used here"
            ),
        }
        tanaka.submit("/o/aozora/servers/edit/1", {"name": "web-1", "address": "192.0.2.9"})
        rows.append(self.after(None))
        self.seen["found"] = [
            "web-1" in tanaka.get(f"/o/aozora/servers/list/?q={words}").get_data(as_text=True)
            for words in ("WEB", "%25")
        ]
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
        sentences = re.findall(
            r'class="line">\s*(.*?)(?:<ul|<a )', self.text(tanaka, log), re.DOTALL
        )
        self.seen["log"] = [
            re.sub(r"<[^>]+>", "", one).strip().removeprefix("田中 太郎 (Taro Tanaka) ")
            for one in reversed(sentences)
        ]
        tanaka.language = "ja_JP"
        told = re.sub(r"<[^>]+>", "", self.text(tanaka, log))
        self.seen["log in Japanese"] = next(
            (part for part in ("がサーバーに「web」を追加しました。",) if part in told), told
        )
        tanaka.language = "en"

    def walk_as_smith(self) -> None:
        from tests import factories

        smith, row = self.cast.smith, self.cast.membership(self.cast.smith)
        self.seen["smith without"] = self.facts(smith)
        self.seen["smith without, POST"] = (
            self.browser(smith).submit("/o/aozora/servers/add", {"name": "x"}, page="/").status_code
        )
        page = self.text(smith, "/o/aozora/servers/list/")
        self.seen["403 names"] = [
            words for words in ("Server Viewer", "田中 太郎") if words in page
        ]
        row.authorities = frozenset({"server_viewer"})
        self.seen["smith, singly"] = self.facts(smith)
        row.authorities, row.roles = (
            frozenset(),
            [factories.role(self.cast.aozora, "Watch", "server_viewer")],
        )
        self.seen["smith, in a role"] = self.facts(smith)
        self.browser(self.cast.tanaka).submit(
            "/o/aozora/roles/add", {"name": "Ops", "authorities": ["server_editor"]}
        )
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

        ours, theirs = (
            Server(organization_id=one.id, name=name)
            for one, name in ((self.cast.aozora, "ours"), (self.cast.minato, "theirs"))
        )
        db.session.add_all([ours, theirs])
        db.session.commit()
        yamada, pk = self.browser(self.cast.yamada), ours.id
        addresses = [
            "/o/aozora/servers/list/",
            f"/o/aozora/servers/show/{pk}",
            f"/o/minato/servers/show/{pk}",
            f"/o/minato/servers/edit/{pk}",
        ]
        statuses = [yamada.get(path).status_code for path in addresses]
        self.seen["yamada"] = [
            *statuses,
            yamada.submit(f"/o/minato/servers/delete/{pk}", page="/").status_code,
        ]
        home = self.text(self.cast.yamada, "/o/minato/servers/list/")
        self.seen["yamada sees at home"] = [
            name for name in ("ours", "theirs") if f">{name}<" in home
        ]
        self.seen["stranger"] = self.app.test_client().get("/o/aozora/servers/list/").location
        self.seen["root"] = self.facts(self.cast.root)

    def remove_a_holder(self) -> None:
        from servers.model import Server

        from app.extensions import db
        from app.models import Activity

        tanaka, member = self.cast.tanaka, self.cast.membership(self.cast.smith)
        member.roles = [self.role("Watch")]
        rack = Server(organization_id=member.organization_id, name="rack", holder_id=member.id)
        db.session.add(rack)
        db.session.commit()
        path = f"/o/aozora/members/delete/{member.id}"
        self.seen["asked"] = self.will_be_lost(path)
        tanaka.language = "ja_JP"
        self.seen["asked in Japanese"] = self.will_be_lost(path)[-1]
        tanaka.language = "en"
        self.browser(tanaka).submit(path)
        db.session.expire_all()
        line = (
            db.session.query(Activity).filter_by(event="servers_updated", subject_id=rack.id).one()
        )
        holders = [one and one["name"] for one in line.details["changes"]["holder"]]
        self.seen["left behind"] = [rack.holder_id, line.actor_name, holders]

    def will_be_lost(self, path: str) -> list[tuple[str, str]]:
        page = self.text(self.cast.tanaka, path)
        lines = r'<span>([^<]+)</span><span\s+class="ms-auto text-end quiet">([^<]+)</span>'
        return re.findall(lines, page)


if __name__ == "__main__":
    print(json.dumps(walk(Path(sys.argv[1]))))
