"""Values: what a row's line of a file says, and the file itself, encrypted in the database.

Here: sealing, reading, wiping. Not here: what the values mean (each kind).
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import delete, select, update

from app.extensions import db
from app.kernel.encryption import Undecryptable, decrypt, encrypt
from app.models import Batch, BatchFile, BatchRow

ROWS, FILE = "batch rows", "batch file"
PART = 1_000_000
"""Bytes of a file in one row of the database."""


def seal(values: Mapping[str, Any], *, now: datetime) -> str | None:
    """Return what the database keeps of a row's values."""
    if not values:
        return None
    return encrypt(json.dumps(values, ensure_ascii=False), secrets=_keys(), purpose=ROWS, now=now)


def read(sealed: str | None, *, now: datetime) -> dict[str, Any]:
    """Return a row's values; nothing where they were wiped, or no key of ours reads them."""
    if sealed is None:
        return {}
    try:
        found: dict[str, Any] = json.loads(decrypt(sealed, secrets=_keys(), purpose=ROWS, now=now))
    except Undecryptable:
        return {}
    return found


def keep_file(batch: Batch, content: bytes, *, now: datetime) -> None:
    """Keep the file that a batch comes from, in place of one that it had."""
    db.session.execute(delete(BatchFile).where(BatchFile.batch_id == batch.id))
    for part, start in enumerate(range(0, len(content), PART)):
        text = b64encode(content[start : start + PART]).decode()
        sealed = encrypt(text, secrets=_keys(), purpose=FILE, now=now).encode()
        db.session.add(BatchFile(batch_id=batch.id, part=part, sealed_bytes=sealed))
    db.session.flush()


def read_file(batch: Batch, *, now: datetime) -> bytes:
    """Return the file; nothing where it was wiped. Raises Undecryptable."""
    parts = select(BatchFile.sealed_bytes).where(BatchFile.batch_id == batch.id)
    return b"".join(
        b64decode(decrypt(sealed.decode(), secrets=_keys(), purpose=FILE, now=now))
        for sealed in db.session.scalars(parts.order_by(BatchFile.part))
    )


def wipe(batch: Batch) -> None:
    """Forget the file and what its lines said."""
    db.session.execute(delete(BatchFile).where(BatchFile.batch_id == batch.id))
    db.session.execute(
        update(BatchRow)
        .where(BatchRow.batch_id == batch.id, BatchRow.sealed_values.is_not(None))
        .values(sealed_values=None)
        .execution_options(synchronize_session=False)
    )


def _keys() -> Sequence[str]:
    return (current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"])
