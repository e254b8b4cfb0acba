"""Ceremony: what WebAuthn asks of a browser and how its answers are checked; the only place that
speaks to py_webauthn.

Here: questions and answers as JSON, one refusal for whatever is wrong with an answer. Not here:
whose passkey it is (passkeys.service), that an answer counts once (passkeys.challenges).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import Account, Passkey
from app.passkeys.relying_party import RelyingParty

MILLISECONDS = 120_000
"""How long a browser waits for its owner."""
WORDS = {str(transport.value) for transport in AuthenticatorTransport}
MALFORMED = (
    WebAuthnException,
    InvalidSignature,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    struct.error,
)
"""What an answer that nobody's browser gives leads to, deep inside."""


class NotThisPasskey(Refusal):
    """Unknown, of another account, for another address, or not signed as it must be: one answer for
    all.
    """

    status = 422
    keep_changes = True
    text = lazy("This passkey was not accepted. Try again, or sign in another way.")


@dataclass(frozen=True)
class NewPasskey:
    """A new passkey as its browser describes it."""

    credential_id: str
    public_key: bytes
    sign_count: int
    transports: str
    is_synced: bool


@dataclass(frozen=True)
class SignedAnswer:
    """What a passkey that answered says of itself."""

    sign_count: int
    is_synced: bool


def creation(
    site: RelyingParty,
    *,
    account: Account,
    shown_as: str,
    challenge: str,
    user_handle: str,
    known: Iterable[Passkey],
) -> dict[str, Any]:
    """Ask for a new passkey; one that is registered already is left out."""
    return options_to_json_dict(
        generate_registration_options(
            rp_id=site.rp_id,
            rp_name=site.name,
            user_name=account.login_id,
            user_display_name=shown_as,
            user_id=base64url_to_bytes(user_handle),
            challenge=base64url_to_bytes(challenge),
            timeout=MILLISECONDS,
            exclude_credentials=_described(known),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
        )
    )


def request(
    site: RelyingParty, *, challenge: str, known: Iterable[Passkey] = (), verified: bool
) -> dict[str, Any]:
    """Ask for a signature: of one of these, or of whichever the browser's owner chooses.

    `verified`: they must show the device who they are.
    """
    need = (
        UserVerificationRequirement.REQUIRED if verified else UserVerificationRequirement.PREFERRED
    )
    return options_to_json_dict(
        generate_authentication_options(
            rp_id=site.rp_id,
            challenge=base64url_to_bytes(challenge),
            timeout=MILLISECONDS,
            allow_credentials=_described(known),
            user_verification=need,
        )
    )


def read_creation(site: RelyingParty, answer: str, *, challenge: str) -> NewPasskey:
    """Return the new passkey of an answer. Raises NotThisPasskey."""
    with _refusing():
        credential = parse_registration_credential_json(_plain(answer))
        _ensure_own_page(credential.response.client_data_json)
        made = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
        )
        ways = dict.fromkeys(transport.value for transport in credential.response.transports or ())
        return NewPasskey(
            bytes_to_base64url(made.credential_id),
            made.credential_public_key,
            made.sign_count,
            ",".join(ways),
            made.credential_backed_up,
        )


def read_answer(answer: str) -> AuthenticationCredential:
    """Return which passkey answers, and for whom, before any of it is believed.

    Raises NotThisPasskey.
    """
    with _refusing():
        return parse_authentication_credential_json(_plain(answer))


def check_answer(
    site: RelyingParty,
    answer: AuthenticationCredential,
    passkey: Passkey,
    *,
    challenge: str,
    verified: bool,
) -> SignedAnswer:
    """Return what a rightly signed answer says; its count is the caller's to compare. Raises
    NotThisPasskey.
    """
    with _refusing():
        handle = answer.response.user_handle
        if handle is not None and bytes_to_base64url(handle) != passkey.user_handle:
            raise NotThisPasskey()
        _ensure_own_page(answer.response.client_data_json)
        signed = verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,
            require_user_verification=verified,
        )
        return SignedAnswer(signed.new_sign_count, signed.credential_backed_up)


def _described(passkeys: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(passkey.credential_id),
            transports=[
                AuthenticatorTransport(way) for way in passkey.transports.split(",") if way in WORDS
            ]
            or None,
        )
        for passkey in passkeys
    ]


def _ensure_own_page(client_data: bytes) -> None:
    """Refuse an answer that was given to this portal in a frame of another site's page."""
    if parse_client_data_json(client_data).cross_origin:
        raise NotThisPasskey()


def _plain(answer: str) -> dict[str, Any]:
    said = json.loads(answer)
    if not isinstance(said, dict):
        raise NotThisPasskey()
    return said


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except MALFORMED as error:
        raise NotThisPasskey() from error
