"""A new SECRET_KEY, the old one kept as a fallback. It …"""

from __future__ import annotations

import secrets
from pathlib import Path

from app.extensions import db
from app.models import Account
from tests import cast as people
from tests import factories
from tests.conftest import PortalClient, build_app, settings_for

OLD, NEW = secrets.token_urlsafe(48), secrets.token_urlsafe(48)


def browser_of(folder: Path, key: str, *fallbacks: str) -> PortalClient:
    client = build_app(
        settings_for(folder, secret_key=key, secret_key_fallbacks=fallbacks)
    ).test_client()
    assert isinstance(client, PortalClient)
    return client


def cookies(client: PortalClient) -> dict[str, str]:
    return {
        name: cookie.value
        for name in ("meibo", "meibo-known")
        if (cookie := client.get_cookie(name)) is not None
    }


def carried(before: PortalClient, folder: Path, *fallbacks: str) -> PortalClient:
    """The same browser after the restart with the new key."""
    after = browser_of(folder, NEW, *fallbacks)
    for name, value in cookies(before).items():
        after.set_cookie(name, value)
    return after


def signed_in(folder: Path) -> PortalClient:
    client = browser_of(folder, OLD)
    with client.application.app_context():
        people.assemble()
        db.session.commit()
        db.session.remove()
    assert (
        client.submit("/login/", {"login_id": "smith", "password": factories.PASSWORD}).status_code
        == 302
    )
    assert set(cookies(client)) == {"meibo", "meibo-known"}
    return client


def test_keeps_sessions(tmp_path: Path) -> None:
    """ASVS 11.2.2, 13.3.4."""
    after = carried(signed_in(tmp_path), tmp_path, OLD)
    assert after.get("/profile/").status_code == 200
    with after.application.app_context():
        assert db.session.query(Account).count() > 1
        db.session.remove()


def test_ends_them_where_the_old_key_is_gone(tmp_path: Path) -> None:
    assert carried(signed_in(tmp_path), tmp_path).get("/profile/").status_code == 302
