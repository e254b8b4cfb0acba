"""Regular expressions: made by nobody who types, and quick whatever they read.

Here: every pattern of the code. Not here: what else the code never does
(test_secure_code.py).
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time

import app as portal
from tests.house.source import CODE, calls, is_constant, is_constant_s_name
from tests.house.source import name as where


def test_its_patterns_are_its_own() -> None:
    """ASVS 1.2.9: no expression is made of what somebody typed."""
    for path in CODE:
        for call, name in calls(path):
            is_re = (
                isinstance(call.func, ast.Attribute)
                and isinstance(call.func.value, ast.Name)
                and call.func.value.id == "re"
            )
            if is_re and name != "escape":
                first = call.args[0]
                pieces = first.values if isinstance(first, ast.JoinedStr) else [first]
                own = all(is_constant(one) or is_constant_s_name(one) for one in pieces)
                assert own, f"{where(path)}:{call.lineno} makes a pattern of something"


def test_no_pattern_takes_long_over_anything() -> None:
    """ASVS 1.3.12: every pattern of ours against texts made to lead it astray."""
    found: set[re.Pattern[str]] = set()
    for module in pkgutil.walk_packages(portal.__path__, "app."):
        if ".migrations" not in module.name:
            values = vars(importlib.import_module(module.name)).values()
            found |= {
                value
                for value in values
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
            }
    parts = (
        "a",
        "<",
        "<>",
        "< ",
        "<a>",
        " ",
        "0",
        "%",
        "%(",
        "-",
        ".",
        ",",
        "@",
        "あ",
        "\t",
        "meibo_",
    )
    evil = [part * 20_000 + end for part in parts for end in ("", "!", "<", "\n", "\x00")]
    assert found
    for pattern in found:
        begun = time.process_time()
        for text in evil:
            pattern.search(text)
        assert time.process_time() - begun < 3, f"{pattern.pattern} takes long"
