"""The migration to a log whose seals have a key (T2-91), with a log inside, up and down, on both
databases. It …
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask, current_app
from flask_migrate import downgrade
from sqlalchemy import select

from app.database import MIGRATIONS
from app.extensions import db
from app.kernel.clock import utcnow
from app.log_integrity import checkpoints, head_files, pruning, signing_keys
from app.log_integrity.verification import Verification, verify
from app.models import Activity
from app.upgrade import upgrade
from tests import factories
from tests.conftest import unguarded
from tests.log_integrity.chain import allow, tamper, write
from tests.migrations.test_migrations import kept


def verdict() -> Verification:
    db.session.commit()
    with db.engine.connect() as connection:
        return verify(connection, keys=signing_keys.known(), noted=checkpoints.recorded())


def down_and_up() -> None:
    db.session.commit()
    downgrade(directory=str(MIGRATIONS), revision="0009")
    head_files.forget_all(Path(current_app.config["SETTINGS"].instance_path))
    upgrade()


def changes_of_key() -> list[dict[str, object]]:
    lines = select(Activity).where(Activity.event == "log_key_changed").order_by(Activity.id)
    return [line.details for line in db.session.scalars(lines)]


def test_keeps_the_chain_and_says_where_its_keys_begin(with_demo: Flask) -> None:
    had, count = kept(), verdict().lines
    assert changes_of_key() == []
    for turn in range(1, 3):
        down_and_up()
        found = verdict()
        assert (found.flaws, found.lines) == ([], count + turn + 1), "the log is divided once"
        assert changes_of_key()[-1]["place"] == count + 2 * (turn - 1)
    now_has = kept()
    assert {name for name in had if had[name] != now_has[name]} == {"activity"}
    upgrade()
    assert verdict().lines == count + 3, "an upgrade with nothing to do writes no line"
    line = db.session.scalars(select(Activity.id).order_by(Activity.id).limit(1)).one()
    with db.engine.begin() as connection, unguarded(connection):
        connection.execute(db.update(Activity).where(Activity.id == line).values(via="x"))
    assert [flaw.kind for flaw in verdict().flaws] == ["line changed"]


def test_keeps_what_an_organization_chose_and_let_go(upgraded: Flask) -> None:
    """A pruning from before counts on; the next one rests on a line that the upgrade writes."""
    now, here = utcnow(), factories.organization("aozora", log_kept_days=100)
    for days in (400, 200, 50):
        write(here, at=now - timedelta(days=days))
    before = now - timedelta(days=350)
    allow(here, before, chosen=None, at=now - timedelta(days=250))
    tamper("DELETE FROM activity WHERE id = (SELECT min(id) FROM activity)")
    down_and_up()
    assert verdict().flaws == []
    chosen = select(Activity).where(Activity.event == "organization_edited")
    assert db.session.scalars(chosen).one().details == {"changes": {"log_kept_days": [None, 100]}}
    assert pruning.prune(now) == {"aozora": 1}
    assert verdict().flaws == []
    assert [(one.count, one.gone, one.days) for one in verdict().prunings] == [
        (1, 1, None),
        (1, 1, 100),
    ]
