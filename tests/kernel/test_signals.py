"""Signals, and what features register for them. It …"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import literal, select

from app import _connect_hooks
from app.kernel import signals
from app.kernel.signals import Hook, HookSignal


@pytest.fixture
def ended() -> HookSignal:
    return HookSignal("Something ended.")


def test_acts_in_the_order_in_which_hooks_were_set_whoever_sets_one_again(
    app: Flask, ended: HookSignal
) -> None:
    done: list[str] = []
    for name in ("first", "second", "third", "first"):
        ended.hooks[name] = Hook(lambda what, name=name: done.append(f"{name} {what}"))
    ended.send("it")
    assert done == ["first it", "second it", "third it"]


def test_takes_receivers_of_blinker_s_own_too(app: Flask, ended: HookSignal) -> None:
    done: list[Any] = []
    ended.hooks["first"] = Hook(lambda what, **told: done.append(("hook", what, told)))
    with ended.connected_to(lambda what, **told: done.append(("listener", what, told))):
        ended.send("it", keep=True)
    ended.send("that", keep=False)
    assert done == [
        ("hook", "it", {"keep": True}),
        ("listener", "it", {"keep": True}),
        ("hook", "that", {"keep": False}),
    ]


def test_says_all_consequences_by_place_with_one_statement(
    app: Flask, ended: HookSignal, statements: Callable[[], list[str]]
) -> None:
    def registers(name: str, count: Any, place: int) -> None:
        ended.hooks[name] = Hook(None, count, lambda number: (name, f"{number}"), place)

    registers("last", lambda these: select(literal(len(these))).scalar_subquery(), 30)
    registers("first", lambda these: select(literal(5)).scalar_subquery(), 10)
    registers("middle", lambda these: 7, 20)
    registers("nothing", lambda these: select(literal(0)).scalar_subquery(), 25)
    statements()
    assert ended.consequences(["a", "b"]) == [("first", "5"), ("middle", "7"), ("last", "2")]
    assert len(statements()) == 1
    assert ("nothing", "0") in ended.consequences(["a"], also_none=True)
    assert ended.consequences([]) == []


def test_connects_once_however_many_applications_a_process_makes(app: Flask) -> None:
    before = {name: list(one.hooks) for name, one in vars(signals).items() if is_signal(one)}
    _connect_hooks()
    after = {name: list(one.hooks) for name, one in vars(signals).items() if is_signal(one)}
    assert before == after
    assert before["membership_ended"] == [
        "invites",
        "bindings",
        "api_keys",
        "roles",
        "authorities",
        "managed",
        "sessions",
        "devices",
    ]


def is_signal(one: object) -> bool:
    return isinstance(one, HookSignal)
