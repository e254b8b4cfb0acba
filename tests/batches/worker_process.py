"""A worker of its own, for tests that kill it: runs batches of a portal until it is ended.

Here: the process. Not here: what is asserted (test_killed.py).
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from app import create_app
from app.batches import worker
from app.testing.portals import settings_for
from tests.batches import kinds  # noqa: F401  (registers the kind)


def main(folder: str, database: str) -> None:
    """Work until somebody ends this process."""
    changes = {"database_url": database} if database else {}
    app = create_app(settings_for(Path(folder), **changes), check_database=False)
    with app.app_context():
        print("ready", flush=True)
        while True:
            worker.work(datetime.now(UTC))
            time.sleep(0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
