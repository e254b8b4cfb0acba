"""`python -m bench.imports`: rows a second that an import adds, changes and removes, and how long
others wait to write meanwhile.

Here: a portal of its own, files of its own, another writer beside. Not here: the page that tells it
(docs/performance.md).
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).resolve().parent.parent
HEAD = "login_id,email,family_name,given_name,reading,language,roles"
ROUNDS = ("added", "changed", "removed", "added with passwords")


def lines(count: int, what: str) -> str:
    """A file of so many people, for one round."""
    word = "pw" if what == "added with passwords" else "row"
    name = "山本" if what == "changed" else "山田"
    more = {"removed": (",action", ",remove"), "added with passwords": (",password", ",Zq9!kd")}
    head, cell = more.get(what, ("", ""))
    rows = (
        f"{word}{n},{word}{n}@aozora.example.jp,{name},太郎{n},やまだ たろう,ja_JP,Viewer"
        + (f"{cell}Fx{n}w" if what == "added with passwords" else cell)
        for n in range(count)
    )
    return "\r\n".join([HEAD + head, *rows])


def run(what: str, count: int) -> tuple[float, float]:
    """Import a file; seconds of the whole, and of this process’s own work."""
    from sqlalchemy import select

    from app.batches import worker
    from app.batches.leases import take
    from app.extensions import db
    from app.imports import drafts
    from app.imports.kind import IMPORT
    from app.imports.verdicts import Mode
    from app.models import FirstLogin, Membership, MemberType, Organization
    from tests import factories

    here = db.session.scalars(select(Organization).order_by(Organization.id).limit(1)).one()
    ruling = select(Membership).where(
        Membership.organization_id == here.id, Membership.type == MemberType.POWER
    )
    by = factories.seat(db.session.scalars(ruling.order_by(Membership.id)).first())
    here.first_login = FirstLogin.PASSWORD if "password" in what else FirstLogin.LINK
    now, mode = datetime.now(UTC), Mode(removes=True)
    file = lines(count, what).encode()
    batch = drafts.begin(IMPORT, here, file, name="rows.csv", mode=mode, by=by, now=now)
    draft = drafts.look(batch, by=by, now=now, keeps_plans=True)
    assert draft.verdicts is not None
    assert not draft.verdicts.errors, draft.verdicts.errors[:3]
    seen = draft.verdicts.seen
    drafts.confirm(batch, draft, seen=seen, only_valid=True, by=by, now=now)
    db.session.commit()
    lease = take(datetime.now(UTC), only=batch.id)
    assert lease is not None
    began, worked = time.monotonic(), time.process_time()
    worker.run(lease, time.monotonic() + 3600)
    return time.monotonic() - began, time.process_time() - worked


def portal(folder: Path) -> Flask:
    """A portal in a folder."""
    from app import create_app
    from config import Settings

    said = {"INSTANCE_PATH": str(folder), "PORTAL_URL": "http://localhost", "SECRET_KEY": "x" * 40}
    return create_app(Settings.from_environment(said), check_database=False)


def wait_to_write(folder: Path) -> None:
    """Write a row ten times a second until `stop` is there; tell how long each took."""
    from sqlalchemy import text

    from app.extensions import db

    waits: list[float] = []
    with portal(folder).app_context():
        while not (folder / "stop").exists():
            began = time.monotonic()
            with db.engine.begin() as connection:
                connection.execute(text("UPDATE rate SET count = count WHERE key = ''"))
            waits.append(time.monotonic() - began)
            time.sleep(0.1)
    (folder / "waits").write_text("\n".join(map(str, waits)))


def measure(folder: Path, count: int) -> None:
    from app.demo import service as demo
    from app.extensions import db
    from app.upgrade import upgrade

    app = portal(folder)
    with app.app_context():
        upgrade()
        demo.load(members=50, now=datetime.now(UTC))
        db.session.commit()
    for what in ROUNDS:
        (folder / "stop").unlink(missing_ok=True)
        other = subprocess.Popen(
            [sys.executable, "-m", "bench.imports", "--wait", str(folder)], cwd=ROOT
        )
        with app.test_request_context():
            seconds, worked = run(what, count)
        (folder / "stop").touch()
        other.wait()
        waits = sorted(map(float, (folder / "waits").read_text().split())) or [0.0]
        p95 = waits[int(len(waits) * 0.95)]
        print(
            f"{what}: {count / seconds:.0f} rows/s, {1000 * worked / count:.1f} ms of CPU a row;"
            f" another writer waited {1000 * statistics.median(waits):.0f} ms,"
            f" {1000 * p95:.0f} ms at p95"
        )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000)
    arguments.add_argument("--wait", type=Path)
    asked = arguments.parse_args()
    if asked.wait:
        wait_to_write(asked.wait)
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), asked.rows)


if __name__ == "__main__":
    main()
