"""Taking changes of a member back, in the words of its tests: changes that can be made, the press
of the button, what is there then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.models import Account, Activity, Membership
from tests.conftest import PortalClient
from tests.members.conftest import BASE, events, of, offered


def last() -> Activity:
    """The newest line of the log that tells of a member."""
    return [line for line in events() if line.event.startswith("member_")][-1]


def path(line: Activity) -> str:
    return f"/o/aozora/activity/undo/{line.id}"


def take_back(browser: PortalClient, line: Activity) -> int:
    """Press the button; return the status that came."""
    return browser.submit(path(line), page="/profile/").status_code


CHANGES: dict[str, Callable[[PortalClient, Membership], Any]] = {
    "made a power user": lambda browser, one: browser.submit(
        f"{BASE}/edit/{one.id}", offered(type="power", sure="1")
    ),
    "other authorities": lambda browser, one: browser.submit(
        f"{BASE}/edit/{one.id}",
        offered(authorities=["project_viewer"], roles=[one.roles[0].id], sure="1"),
    ),
    "a role taken": lambda browser, one: browser.submit(
        f"{BASE}/take-role/{one.id}", {"role": one.roles[0].id}, page=BASE + "/list/"
    ),
    "suspended": lambda browser, one: browser.submit(
        f"{BASE}/suspension/{one.id}", {"reason": "休職"}
    ),
    "removed": lambda browser, one: browser.submit(f"{BASE}/delete/{one.id}"),
}


def standing(who: Account) -> tuple[Any, ...]:
    one = of(who)
    return (
        (one.type, one.authorities, [role.name for role in one.roles], one.is_suspended)
        if one
        else ()
    )
