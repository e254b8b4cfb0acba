"""The memory of a web process under requests that somebody makes up. It …"""

from __future__ import annotations

from pathlib import Path

from bench.data import prepare
from bench.hostile import measure
from bench.servers import PORTAL, running

MOST = 1.3
REQUESTS = 400
"""Half a minute of eight clients; `python -m bench.hostile` sends thousands. Without the
bounds a process doubles within the first two hundred."""


def test_stays_as_it_was(tmp_path: Path) -> None:
    """T2-99: 153 MB became 350 MB in 25 minutes."""
    data = prepare(tmp_path, 200)
    with running(PORTAL, data, workers=1, TRUSTED_PROXIES="1") as server:
        fresh, *later = measure(server, count=REQUESTS, steps=2)
    print(f"fresh {fresh / 1024:.0f} MiB, then {[round(size / 1024) for size in later]} MiB")
    assert fresh > 0
    assert max(later) <= MOST * fresh
