"""Identifiers: the fields of what people sign in with, however it was typed.

Here: addresses and login IDs. Not here: other text (rest.schemas).
"""

from __future__ import annotations

from typing import Any

from app.kernel.addresses import normalize_email
from app.kernel.text import narrow
from app.rest.schemas import Text


class Identifier(Text):
    """A login ID, however wide it was typed."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        return narrow(super()._deserialize(value, attr, data, **more))


class Address(Text):
    """An e-mail address, as it is kept."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        return normalize_email(super()._deserialize(value, attr, data, **more))
