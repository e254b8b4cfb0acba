"""The collector rests while the portal starts. It …"""

from __future__ import annotations

import gc

import pytest

from app.kernel import memory


def test_collects_again_however_the_start_ends() -> None:
    seen = []

    @memory.uncollected()
    def start() -> None:
        seen.append(gc.isenabled())
        raise SystemExit

    with pytest.raises(SystemExit):
        start()
    assert [*seen, gc.isenabled()] == [False, True]


def test_leaves_a_collector_off_that_was_off() -> None:
    gc.disable()
    try:
        with memory.uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
