"""Site: what a passkey is bound to: this portal's host and address.

Here: both as browsers name them, and why passkeys cannot work at an address. Not here: asking and
checking (passkeys.ceremony).
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from app.kernel.errors import Refusal
from app.kernel.i18n import lazy

DEFAULT_PORTS = {"http": 80, "https": 443}


class PasskeysOff(Refusal):
    """Passkeys cannot work at this portal's address."""

    status = 409

    def __init__(self, sentence: Any) -> None:
        super().__init__()
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


@dataclass(frozen=True)
class RelyingParty:
    """Whom a passkey belongs to (`rp_id`), and the address in the browser when it is used."""

    rp_id: str
    origin: str
    name: str

    @property
    def obstacle(self) -> Any:
        """Why no browser uses passkeys here, as a sentence; "" where they do."""
        if _is_number(self.rp_id):
            return lazy(
                "Passkeys cannot be used here: they need an address with a name, such as"
                " https://members.example.com or %(local)s (PORTAL_URL).",
                local=self.origin.replace(self.rp_id, "localhost", 1),
            )
        if (
            not self.origin.startswith("https://")
            and self.rp_id != "localhost"
            and not self.rp_id.endswith(".localhost")
        ):
            return lazy(
                "Passkeys cannot be used here: they need an address that begins with https://."
            )
        return ""

    def ensure_usable(self) -> None:
        """Raise PasskeysOff where there is an obstacle."""
        if self.obstacle:
            raise PasskeysOff(self.obstacle)


def relying_party() -> RelyingParty:
    """Return the site that PORTAL_URL names."""
    return site_of(current_app.config["SETTINGS"].portal_url, name=current_app.config["APP_NAME"])


def site_of(portal_url: str, *, name: str) -> RelyingParty:
    """Return an address as browsers write it: in ASCII, without the port that goes without
    saying."""
    parts = urlsplit(portal_url)
    host = parts.hostname or ""
    named = host if host.isascii() else host.encode("idna").decode()
    place = f"[{named}]" if ":" in named else named
    port = "" if parts.port in (None, DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
    return RelyingParty(named, f"{parts.scheme}://{place}{port}", name)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
