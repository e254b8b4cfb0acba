"""Links to set a password, sent by the platform administrator. It …"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models import Activity, LinkPurpose, PasswordLink
from app.passwords import links
from tests.accounts.conftest import KATO, As, Letters, found, token_in
from tests.cast import Cast
from tests.conftest import PortalClient


def test_sends_somebody_with_a_password_a_link_for_an_hour_and_leaves_the_password(
    root: PortalClient, cast: Cast, letters: Letters, client: PortalClient
) -> None:
    had = cast.suzuki.password_hash
    answer = root.submit(
        f"/accounts/action/send_password_link/{cast.suzuki.id}",
        page=f"/accounts/show/{cast.suzuki.id}",
    )
    assert answer.location == f"/accounts/show/{cast.suzuki.id}"
    assert f"on its way to {cast.suzuki.email}" in root.get(answer.location).get_data(as_text=True)
    (letter,) = letters("password_link", to=cast.suzuki.email)
    assert "鈴木" not in letter.subject
    assert "再設定" in letter.text
    link = links.find_link(token_in(letter), now=letter.created_at)
    assert link.purpose is LinkPurpose.FORGOTTEN
    assert letter.stale_at == link.expires_at, (
        "a letter whose link is dead is not delivered any more"
    )
    assert link.account.password_hash == had
    line = db.session.scalars(select(Activity).where(Activity.event == "password_link_sent")).one()
    assert (line.actor_id, line.subject_id, line.organization_id) == (
        cast.root.id,
        cast.suzuki.id,
        cast.aozora.id,
    )
    assert (
        client.submit(
            f"/password/set/{token_in(letter)}", {"password": "Correct-Horse-8"}
        ).status_code
        == 302
    )


def test_sends_somebody_without_a_password_the_first_letter_again_and_kills_the_older_link(
    root: PortalClient, letters: Letters, client: PortalClient
) -> None:
    root.submit("/accounts/add", KATO)
    kato = found("kato")
    assert kato is not None
    root.submit(f"/accounts/action/send_password_link/{kato.id}", page=f"/accounts/show/{kato.id}")
    first, second = letters("account_registered")
    assert client.get(f"/password/set/{token_in(first)}").status_code == 410
    assert client.get(f"/password/set/{token_in(second)}").status_code == 200


def test_sends_no_link_to_the_suspended(
    root: PortalClient, cast: Cast, letters: Letters, now: datetime
) -> None:
    cast.smith.suspended_at = now
    answer = root.submit(
        f"/accounts/action/send_password_link/{cast.smith.id}",
        page=f"/accounts/show/{cast.smith.id}",
    )
    assert "Reinstate it first." in root.get(answer.location).get_data(as_text=True)
    assert not letters()
    assert not db.session.scalars(select(PasswordLink)).all()


def test_sends_no_link_for_anybody_else(
    cast: Cast, as_: As, client: PortalClient, letters: Letters
) -> None:
    path = f"/accounts/action/send_password_link/{cast.smith.id}"
    for who in (cast.tanaka, cast.suzuki, cast.yamada):
        assert as_(who).submit(path, page="/profile/").status_code == 403
    assert client.submit(path, page="/login/").location.startswith("/login/")
    assert as_(cast.root).get(path).status_code == 200, "asks, and sends nothing"
    assert as_(cast.root).post(path).status_code == 400, "without the page's token"
    assert not letters()
