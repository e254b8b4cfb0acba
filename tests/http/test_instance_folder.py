"""The instance folder of somebody who shares the machine. The portal …"""

from __future__ import annotations

from pathlib import Path

from app.extensions import db
from app.jobs import queue
from app.kernel.clock import utcnow
from app.outbox.delivery import deliver_due
from app.outbox.service import Draft, post
from tests.conftest import build_app, settings_for


def test_writes_files_for_its_owner_only_whatever_the_folder_allows(tmp_path: Path) -> None:
    """T2-97: database, write-ahead log and jobs were readable by everybody."""
    folder = tmp_path / "instance"
    folder.mkdir()
    folder.chmod(0o755)
    app, now = build_app(settings_for(folder)), utcnow()
    with app.app_context():
        post(Draft("test", "tanaka@example.com", "en", {"asked_at": now}), now=now)
        db.session.commit()
        deliver_due(now)
        queue.ask(app, "deliver")
        found = {
            str(path.relative_to(folder)): oct(path.stat().st_mode & 0o077)
            for path in folder.rglob("*")
        }
        db.session.remove()
        db.engine.dispose()
    assert {"meibo.sqlite", "meibo.sqlite-wal", "jobs.sqlite", "mailbox"} <= found.keys()
    assert set(found.values()) == {"0o0"}, found
