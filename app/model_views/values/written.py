"""Written: numbers and days as the reader's language writes them.

Here: plain values to text. Not here: which column holds which (model_views.values.kinds).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel.numbers import format_decimal

from app.kernel.i18n import current_language
from app.screens.moments.calendar import day_in


def written_decimal(value: Decimal, scale: int) -> str:
    """A number with so many digits behind the point."""
    pattern = "#,##0" + ("." + "0" * scale if scale > 0 else "")
    return str(format_decimal(value, pattern, current_language()))


def written_day(value: date) -> str:
    """A day, short enough for a column."""
    return day_in(value, current_language())
