"""The rows of devices, the same in every application that is measured.

Here: plain values. Not here: models, for those of the portal and of stock do not meet.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

NAMES = ("MacBook Pro", "ThinkPad X1", "iPhone 17", "Pixel 10", "Surface")
LAST_DAY = date(2026, 11, 29)


def rows(count: int, holders: list[int], **more: Any) -> list[dict[str, Any]]:
    """The devices of either application, always the same."""
    chance = random.Random(20_261_129)
    return [
        {
            "name": chance.choice(NAMES),
            "serial": f"SN-{number:06d}",
            "kind": chance.choice(("laptop", "phone")),
            "holder_id": chance.choice(holders) if number % 4 else None,
            "lent_on": LAST_DAY - timedelta(days=number % 900) if number % 4 else None,
            "returned": number % 7 == 0,
        }
        | more
        for number in range(count)
    ]
