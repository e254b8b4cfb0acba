"""List order: where rows stand whose column is empty, from either end.

Here: one column. Not here: which columns (screens.list_query).
"""

from __future__ import annotations

from typing import Any


def placed(column: Any, down: bool, backwards: bool) -> Any:
    """A column's order, empty ones last, or the reverse of that; where there are none it is left
    unsaid, for an index gives that order as it is.
    """
    order = column.desc() if down != backwards else column.asc()
    if getattr(column, "nullable", True) is False:
        return order
    return order.nulls_first() if backwards else order.nulls_last()
