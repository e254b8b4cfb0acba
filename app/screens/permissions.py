"""Permissions: what each method of a view or an API asks, in Flask-AppBuilder's words.

Here: `*` in `method_permission_name`, which stands for every method that it does not name. Not
here: who has a permission (access.policy).
"""

from __future__ import annotations

import inspect
from typing import Any

REST = "*"


class PermissionsMixin:
    """Lets a class say once what most of its methods ask."""

    method_permission_name: Any

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        said = vars(cls).get("method_permission_name") or {}
        if REST in said:
            named = {name: one for name, one in said.items() if name != REST}
            known = {name for key, one in methods(cls).items() for name in (key, one.__name__)}
            cls.method_permission_name = dict.fromkeys(known, said[REST]) | named


def methods(view: type[Any]) -> dict[str, Any]:
    """Return every method of a class that can be reached."""
    functions = inspect.getmembers(view, inspect.isfunction)
    return {
        name: one for name, one in functions if hasattr(one, "_urls") or hasattr(one, "_action")
    }
