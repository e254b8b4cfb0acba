"""Factors: one's second step as the profile tells it.

Here: what there is, in words for the page, and the QR code. Not here: what happens (two_factor),
passkeys (their own section).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

import segno
from markupsafe import Markup

from app.access.two_factor import Method
from app.models import Account, AuthenticatorApp, TrustedDevice
from app.sessions.devices import device_name
from app.two_factor import apps, devices, recovery
from app.two_factor.methods import held_by, methods_of


@dataclass(frozen=True)
class Trusted:
    """A browser that skips the second step."""

    row: TrustedDevice
    name: str


@dataclass(frozen=True)
class Factors:
    """What somebody takes the second step with."""

    methods: list[Method]
    app: AuthenticatorApp | None
    codes_left: int | None
    trusted: list[Trusted]

    @property
    def by_mail(self) -> bool:
        return Method.MAIL in self.methods

    @property
    def codes_are_few(self) -> bool:
        return self.codes_left is not None and self.codes_left <= recovery.FEW


def factors_of(account: Account, *, now: datetime) -> Factors:
    """Return what an account takes the second step with; recovery codes are counted where they
    stand in for something.
    """
    held = held_by(account)
    app = apps.app_of(account) if Method.APP in held.strong else None
    trusted = [Trusted(one, device_name(one.user_agent)) for one in devices.live(account, now=now)]
    return Factors(
        methods_of(account, now=now, held=held),
        app,
        held.codes_left if held.strong else None,
        trusted,
    )


def qr(uri: str) -> Markup:
    """Draw a QR code, dark on light in either theme, with the quiet edge that cameras need."""
    drawn = io.BytesIO()
    segno.make(uri, error="m").save(
        drawn,
        kind="svg",
        scale=5,
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgns=False,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
    )
    return Markup(drawn.getvalue().decode())
