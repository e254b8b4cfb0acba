"""`python -m bench.many`: remove many members at once, while somebody else wants to write.

Here: how long it takes, and how long others wait meanwhile. Not here: pages (bench.rounds), two
databases side by side (DATABASE_URL chooses an empty one).
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from flask import Flask
from sqlalchemy import select, update

from app import create_app
from app.access.seat import Seat
from app.batches import starting, worker
from app.batches.starting import Wanted
from app.demo import service as demo
from app.extensions import db
from app.members import kinds
from app.models import Account, Batch, Membership, MemberType
from app.upgrade import upgrade

PAUSE = 0.05
"""Seconds between two changes of somebody else."""


def main() -> None:
    """Measure, and print four figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=957)
    count = parser.parse_args().members
    with tempfile.TemporaryDirectory() as folder:
        os.environ["INSTANCE_PATH"] = str(Path(folder) / "instance")
        app = create_app(check_database=False)
        with app.app_context():
            upgrade()
            demo.load(members=count + 50, now=datetime.now(UTC))
            db.session.commit()
            begun = time.perf_counter()
            batch = _begun(count)
            answered = time.perf_counter() - begun
            waits, seconds = _run(app, batch)
            db.session.refresh(batch)
            _print(batch, answered, seconds, waits)


def _begun(count: int) -> Batch:
    """What the request does: the rows, in one statement, and the batch that waits."""
    tanaka = db.session.scalars(
        select(Membership).join(Membership.account).where(Account.login_id_key == "tanaka").limit(1)
    ).one()
    by = Seat(
        tanaka.account,
        organization=tanaka.organization,
        membership=tanaka,
        memberships=[tanaka],
    )
    general = select(Membership.id).where(
        Membership.organization_id == tanaka.organization_id,
        Membership.type == MemberType.GENERAL,
        Membership.ended_at.is_(None),
    )
    now = datetime.now(UTC)
    batch = starting.start(kinds.REMOVE, Wanted(general.limit(count)), arguments={}, by=by, now=now)
    db.session.commit()
    return batch


def _run(app: Flask, batch: Batch) -> tuple[list[float], float]:
    """Let the worker do it; return how long each change of somebody else took meanwhile, and
    everything."""
    over, waits = threading.Event(), list[float]()
    other = threading.Thread(target=_write, args=(app, over, waits))
    other.start()
    begun = time.perf_counter()
    while not batch.is_over:
        worker.work(datetime.now(UTC))
        db.session.refresh(batch)
    seconds = time.perf_counter() - begun
    over.set()
    other.join()
    return waits, seconds


def _write(app: Flask, over: threading.Event, waits: list[float]) -> None:
    with app.app_context():
        while not over.wait(PAUSE):
            begun = time.perf_counter()
            same = update(Account).where(Account.login_id_key == "root")
            db.session.execute(same.values(language=Account.language))
            db.session.commit()
            waits.append(time.perf_counter() - begun)


def _print(batch: Batch, answered: float, seconds: float, waits: list[float]) -> None:
    done = batch.count("done")
    print(f"{batch.total} rows, {done} done, {batch.count('refused')} refused")
    print(
        f"begun in {answered * 1000:.0f} ms, done in {seconds:.1f} s ({done / seconds:.0f} rows/s)"
    )
    p95 = quantiles(waits, n=20)[-1] if len(waits) > 1 else 0.0
    print(
        f"{len(waits)} other changes waited {median(waits) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
