"""The collector rests while the portal starts. It …"""

from __future__ import annotations

import gc

import pytest

from app.kernel import memory


def test_collects_again_however_the_start_ends() -> None:
    with pytest.raises(SystemExit), memory.uncollected():
        assert not gc.isenabled()
        raise SystemExit
    assert gc.isenabled()


def test_leaves_a_collector_off_that_was_off() -> None:
    gc.disable()
    try:
        with memory.uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
