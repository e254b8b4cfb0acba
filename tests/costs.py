"""Costs: passwords and recovery codes are hashed with little work, except where the work is what is
tested.

Here: how much work. Not here: what is expected of it (test_hashing.py, test_recovery.py,
test_timing.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from argon2 import PasswordHasher

from app.passwords import hashing
from app.two_factor import recovery

LITTLE: tuple[PasswordHasher, dict[str, int]] = (
    PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
    {"n": 2, "r": 1, "p": 1},
)
FULL = hashing._HASHER, recovery.WORK


@contextmanager
def _working(hasher: PasswordHasher, scrypt: dict[str, int]) -> Iterator[None]:
    before: tuple[Any, Any] = hashing._HASHER, recovery.WORK
    _set(hasher, scrypt)
    yield
    _set(*before)


def _set(hasher: PasswordHasher, scrypt: dict[str, int]) -> None:
    hashing._HASHER, recovery.WORK = hasher, scrypt
    hashing._nobodys.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def _little_work() -> Iterator[None]:
    with _working(*LITTLE):
        yield


@pytest.fixture
def full_work() -> Iterator[None]:
    """What is hashed in this test costs what it costs in production."""
    with _working(*FULL):
        yield
