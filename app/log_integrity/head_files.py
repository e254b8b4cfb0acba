"""Head files: what was noted of the log's chains in the instance folder.

Here: reading and writing the file of all hours and the newest head of each chain. Not here: what is
noted when (log_integrity.checkpoints).
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app

from app.log_integrity.chains import COMMON, Place, overall

HOURLY = "activity-heads"
"""Each hour the heads that moved, each in a line, and then one over all of them."""
NEWEST_COMMON, NEWEST = "activity-head", "activity-newest"
"""The heads of the newest commits of this machine: a file for the common chain, and a folder with
one for each other chain, which is written over with the next commit.
"""
OVERALL = "*"


def latest(noted: Mapping[Place, str]) -> dict[int, tuple[int, str]]:
    """Return the last of some heads in each chain."""
    return {place.log_id: (place.sequence, chain) for place, chain in sorted(noted.items())}


def hourly() -> dict[Place, str]:
    """Return what was noted for good."""
    return {place: chain for place, chain in _parsed(HOURLY) if place is not None}


def newest() -> dict[Place, str]:
    """Return the newest head of each chain."""
    found: dict[Place, str] = {}
    for name in _there():
        if name != HOURLY:
            found |= {place: chain for place, chain in _parsed(name) if place is not None}
    return found


def newest_of(log_id: int) -> tuple[int, str]:
    """Return the place and the chain of the newest head of one chain; 0 where none is noted."""
    places = {place: chain for place, chain in _parsed(_name(log_id)) if place is not None}
    return latest(places).get(log_id, (0, ""))


def at(head: str) -> dict[Place, str] | None:
    """Return where all chains stood when one head over all was noted; None where it never was."""
    known: dict[int, tuple[int, str]] = {}
    for place, chain in _parsed(HOURLY):
        if place is not None:
            known[place.log_id] = (place.sequence, chain)
        elif chain == head == overall(known):
            return {Place(one, at[0]): at[1] for one, at in known.items()}
    return None


def add(place: str, chain: str, when: str) -> None:
    """Note a head for good; the line before may be torn, by a disk that was full."""
    with _opened(_path(HOURLY), os.O_APPEND) as file:
        file.write(f"\n{place} {chain} {when}\n".encode())


def write_newest(log_id: int, sequence: int, chain: str) -> None:
    """Write the newest head of a chain over the one before, unless that is a later one."""
    path = _path(_name(log_id))
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with _opened(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        places = _places(file.read().decode("utf-8", "replace"))
        known = latest({place: chain for place, chain in places if place is not None})
        if sequence > known.get(log_id, (0, ""))[0]:
            file.seek(0)
            file.write(f"{log_id}:{sequence:010} {chain} newest\n".encode())


def forget_newest(log_id: int) -> None:
    os.unlink(_path(_name(log_id)))


def forget_all(folder: Path) -> None:
    """Forget every head, as a test does that begins anew."""
    for name in (HOURLY, NEWEST_COMMON):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / NEWEST, ignore_errors=True)


def as_files() -> dict[str, str]:
    """Return the files as they are, for a backup."""
    return {name: _path(name).read_text("utf-8", "replace") for name in _there()}


def replace_files(files: Mapping[str, str], *, now: datetime) -> None:
    """Put the files of a backup in the place of this machine's, which are kept under another name:
    they may name lines that the backup does not have.
    """
    for name in (HOURLY, NEWEST_COMMON, NEWEST):
        if _path(name).exists():
            _path(name).rename(_path(f"{name}.before-{now:%Y%m%dT%H%M%S}"))
    for name, text in files.items():
        if name in (HOURLY, NEWEST_COMMON) or _is_of_chain(Path(name)):
            _path(name).parent.mkdir(mode=0o700, exist_ok=True)
            with _opened(_path(name)) as file:
                file.write(text.encode())


def _there() -> list[str]:
    """The files that there are, by their names in the instance folder."""
    chains = [f"{NEWEST}/{path.name}" for path in sorted(_path(NEWEST).glob("*")) if path.is_file()]
    return [name for name in (HOURLY, NEWEST_COMMON) if _path(name).is_file()] + chains


def _is_of_chain(path: Path) -> bool:
    return path.parent == Path(NEWEST) and path.name.isdecimal()


def _name(log_id: int) -> str:
    return NEWEST_COMMON if log_id == COMMON else f"{NEWEST}/{log_id}"


def _opened(path: Path, how: int = 0) -> Any:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | how, 0o600), "r+b")


def _parsed(name: str) -> Iterator[tuple[Place | None, str]]:
    path = _path(name)
    if path.is_file():
        yield from _places(path.read_text("utf-8", errors="replace"))


def _places(text: str) -> Iterator[tuple[Place | None, str]]:
    """Read lines; the head over all has no place, and one without a chain is of the common one."""
    for words in (line.split() for line in text.splitlines()):
        if len(words) != 3:
            continue
        log_id, colon, sequence = words[0].rpartition(":")
        if words[0] == OVERALL:
            yield None, words[1]
        elif sequence.isdecimal() and (not colon or log_id.removeprefix("-").isdecimal()):
            yield Place(int(log_id) if colon else COMMON, int(sequence)), words[1]


def _path(name: str) -> Path:
    return Path(current_app.config["SETTINGS"].instance_path) / name
