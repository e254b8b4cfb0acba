"""Trusted devices: the cookie by which a browser shows that somebody took the second step in it and
trusts it.

Here: reading and writing that cookie. It opens nothing without the right password, and nothing once
the server's row has ended (two_factor.devices).
"""

from __future__ import annotations

from datetime import datetime

from flask import request

from app.access.two_factor import Method
from app.models import Account
from app.sign_in.kept import Kept
from app.two_factor import devices

COOKIE = Kept("trusted", salt="trusted device", life=devices.LIFE)


def is_trusted(account: Account, *, now: datetime) -> bool:
    """Whether this browser need not take the second step of this account."""
    return devices.recognize(account, COOKIE.read().get(str(account.id), ""), now=now)


def trust(account: Account, method: Method, *, now: datetime) -> None:
    """Let this browser skip the second step of this account for 30 days."""
    key = devices.trust(
        account, method, ip=request.remote_addr or "", user_agent=request.user_agent.string, now=now
    )
    COOKIE.keep(str(account.id), key)
