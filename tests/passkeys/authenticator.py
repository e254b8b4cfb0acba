"""A passkey device in software: it makes and signs what real ones do, and whatever a test wants
wrong.

Here: the browser's and the device's half of WebAuthn. Not here: ours (app.passkeys).
"""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ORIGIN = "http://localhost"
PRESENT, VERIFIED, CAN_SYNC, SYNCED, MADE = 0x01, 0x04, 0x08, 0x10, 0x40


def to_text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def to_bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "===")


@dataclass
class Credential:
    """One key pair on the device."""

    id: bytes
    key: ec.EllipticCurvePrivateKey
    handle: bytes
    count: int = 0


@dataclass
class Device:
    """A device that verifies its owner, counts, and may sync."""

    origin: str = ORIGIN
    rp_id: str = ""
    verifies: bool = True
    counts: bool = True
    syncs: bool = False
    held: list[Credential] = field(default_factory=list)

    def create(self, asked: dict[str, Any], *, called: bytes = b"", **wrong: Any) -> str:
        """Answer what a page asks navigator.credentials.create(); `wrong` replaces parts of the
        client data.
        """
        made = Credential(
            called or secrets.token_bytes(32),
            ec.generate_private_key(ec.SECP256R1()),
            to_bytes(asked["user"]["id"]),
        )
        self.held.append(made)
        data = (
            self._data(asked["rp"]["id"], made, MADE)
            + b"\0" * 16
            + struct.pack(">H", len(made.id))
            + made.id
            + _cose(made.key)
        )
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked, wrong)
        return _told(
            made,
            {
                "clientDataJSON": to_text(client),
                "attestationObject": to_text(statement),
                "transports": ["internal", "hybrid"],
            },
        )

    def get(self, asked: dict[str, Any], *, held: Credential | None = None, **wrong: Any) -> str:
        """Answer what a page asks navigator.credentials.get(), with the newest key or the one
        named.
        """
        key = held or self.held[-1]
        key.count += self.counts
        data = self._data(asked["rpId"], key, 0)
        client = self._client("webauthn.get", asked, wrong)
        signature = key.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": to_text(client),
            "authenticatorData": to_text(data),
            "signature": to_text(signature),
        }
        return _told(key, response | {"userHandle": to_text(key.handle)})

    def _data(self, rp_id: str, key: Credential, more: int) -> bytes:
        flags = (
            PRESENT
            | (VERIFIED if self.verifies else 0)
            | (CAN_SYNC | SYNCED if self.syncs else 0)
            | more
        )
        return hashlib.sha256((self.rp_id or rp_id).encode()).digest() + struct.pack(
            ">BI", flags, key.count
        )

    def _client(self, kind: str, asked: dict[str, Any], wrong: dict[str, Any]) -> bytes:
        return json.dumps(
            {
                "type": kind,
                "challenge": asked["challenge"],
                "origin": self.origin,
                "crossOrigin": False,
            }
            | wrong
        ).encode()


def _cose(key: ec.EllipticCurvePrivateKey) -> bytes:
    numbers = key.public_key().public_numbers()
    return cbor2.dumps(
        {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
    )


def _told(key: Credential, response: dict[str, Any]) -> str:
    name = to_text(key.id)
    return json.dumps(
        {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "authenticatorAttachment": "platform",
        }
    )
