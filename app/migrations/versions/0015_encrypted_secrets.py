"""secrets of authenticator apps are encrypted by Fernet

Revision ID: 0015
Revises: 0014

Before, they were kept under AES-256-GCM: base64 of kind 1, seconds, nonce, text and tag. What no
SECRET_KEY of now reads is left as it is; each upgrade tries it again and names whose it is.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KIND, HEAD, NONCE = b"\x01", 9, 12
BEFORE, NOW = b"meibo sealing: authenticator app", b"meibo encryption: authenticator app"

app = sa.table(
    "authenticator_app", sa.column("id", sa.Integer), sa.column("encrypted_secret", sa.Text)
)


def upgrade() -> None:
    op.execute("ALTER TABLE authenticator_app RENAME COLUMN sealed_secret TO encrypted_secret")
    encrypt_by_fernet(op.get_bind())


def downgrade() -> None:
    _rewrite(op.get_bind(), _open_fernet, _seal)
    op.execute("ALTER TABLE authenticator_app RENAME COLUMN encrypted_secret TO sealed_secret")


def encrypt_by_fernet(bind: sa.Connection) -> None:
    """Encrypt anew what is kept as before, where a key of now reads it."""
    _rewrite(bind, _open_sealed, lambda text: _fernet().encrypt(text).decode())


def _rewrite(
    bind: sa.Connection, read: Callable[[str], bytes | None], write: Callable[[bytes], str]
) -> None:
    for row in bind.execute(sa.select(app)).all():
        text = read(row.encrypted_secret)
        if text is not None:
            change = sa.update(app).where(app.c.id == row.id)
            bind.execute(change.values(encrypted_secret=write(text)))


def _open_sealed(sealed: str) -> bytes | None:
    try:
        whole = urlsafe_b64decode(sealed.encode())
    except ValueError:
        return None
    head, nonce, closed = whole[:HEAD], whole[HEAD : HEAD + NONCE], whole[HEAD + NONCE :]
    if head[:1] != KIND or len(nonce) < NONCE:
        return None
    for key in _derived(BEFORE):
        try:
            return AESGCM(key).decrypt(nonce, closed, head)
        except InvalidTag:
            continue
    return None


def _seal(text: bytes) -> str:
    head = KIND + int(datetime.now(UTC).timestamp()).to_bytes(HEAD - 1)
    nonce = secrets.token_bytes(NONCE)
    closed = AESGCM(_derived(BEFORE)[0]).encrypt(nonce, text, head)
    return urlsafe_b64encode(head + nonce + closed).decode()


def _open_fernet(token: str) -> bytes | None:
    try:
        return _fernet().decrypt(token.encode())
    except InvalidToken:
        return None


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in _derived(NOW)])


def _derived(info: bytes) -> list[bytes]:
    config = current_app.config
    return [
        HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key.encode())
        for key in (config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"])
    ]
