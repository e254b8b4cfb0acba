"""The lock files install with any pip, on any day (T2-01)."""

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[(?P<extras>[^\]]+)\])?==", re.MULTILINE)
LOCKS = ("requirements.txt", "requirements-test.txt")


def _locked(lock: str) -> dict[str, set[str]]:
    found = PINNED.finditer((ROOT / lock).read_text())
    return {
        canonicalize_name(match["name"]): set((match["extras"] or "").split(",")) - {""}
        for match in found
    }


def _asked_for(lock: dict[str, set[str]]) -> dict[str, set[str]]:
    """Name every extra that a locked and installed package asks of another one, by the package
    asked.
    """
    asked: dict[str, set[str]] = {}
    for distribution in distributions():
        extras = lock.get(canonicalize_name(distribution.metadata["Name"]))
        if extras is None:
            continue
        for line in distribution.requires or []:
            requirement = Requirement(line)
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras | {""}):
                asked.setdefault(canonicalize_name(requirement.name), set()).update(
                    requirement.extras
                )
    return asked


@pytest.mark.parametrize("lock", LOCKS)
def test_a_package_that_is_asked_for_with_an_extra_is_locked_with_it(lock):
    """An older pip takes the newest release of a package whose locked line lacks the extra, and
    stops at its missing hash.
    """
    locked = _locked(lock)
    missing = {
        name: extras - locked[name]
        for name, extras in _asked_for(locked).items()
        if name in locked and extras - locked[name]
    }
    assert not missing, f"{lock}: run `make lock`; these stand without their extras: {missing}"


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_holds_every_package_that_its_packages_ask_for(lock):
    locked = _locked(lock)
    assert len(locked) > 30
    missing = sorted(set(_asked_for(locked)) - set(locked))
    assert not missing, f"{lock}: run `make lock`; these are asked for and not locked: {missing}"
