"""Letters about API keys.

Here: what they tell, and whom. Not here: sending (outbox), the sentences (templates/mail/). They
protect the account, so they always arrive.
"""

from __future__ import annotations

from typing import Any

from app.access.authorities import CATALOGUE
from app.access.seat import Seat
from app.api_keys.secrets import scopes_of
from app.models import Account, PortalKey
from app.outbox.service import Draft, portal_url


def issued(key: PortalKey, *, to: Account, by: Seat) -> Draft:
    """「APIキー発行のお知らせ」, to the key's owner; of a service account's key, to its issuer."""
    return _draft("key_issued", key, to, by=by.account)


def revoked(key: PortalKey, *, by: Seat) -> Draft:
    """「APIキー失効のお知らせ」, to an owner whose key somebody else revoked."""
    return _draft("key_revoked", key, key.account, by=by.account)


def expiring(key: PortalKey, *, to: Account) -> Draft:
    """「APIキーの有効期限のお知らせ」, a week before."""
    return _draft("key_expiring", key, to)


def _draft(kind: str, key: PortalKey, to: Account, **more: Any) -> Draft:
    path = f"/o/{key.organization.code}/keys/list/" if key.account.is_service else "/profile/#keys"
    names = [entry.name for scope, entry in CATALOGUE.items() if scope in scopes_of(key)]
    words = {
        "account": to,
        "holder": key.account,
        "key": key,
        "names": names,
        "link": portal_url(path),
    }
    return Draft(kind, to.email, to.language, words | more, organization=key.organization)
