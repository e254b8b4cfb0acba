"""Links of invitations that are over (T2-37). Whoever opens one …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from app.extensions import db
from app.invites import service as invites
from app.models import Account, InviteStatus
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
REPLACED = "A newer invitation email has replaced this link. Open the link in the newest one."


def text(client: PortalClient, token: str, status: int = 410) -> str:
    answer = client.get(f"/invites/{token}", follow_redirects=True)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_reads_signed_out_that_it_was_accepted(
    cast: Cast, client: PortalClient, now: datetime
) -> None:
    """T2-37"""
    invite, token = factories.invite(cast.aozora, "new@example.com", cast.tanaka)
    invite.status, invite.answered_at = InviteStatus.ACCEPTED, now
    db.session.commit()
    page = text(client, token)
    assert "This invitation was accepted on" in page and "(UTC)" in page
    assert 'href="/login/"' in page and "Sign in to answer" not in page


def test_reads_that_a_newer_letter_replaced_it(
    cast: Cast, as_: As, client: PortalClient, now: datetime
) -> None:
    """T2-37: sent again; whoever never had a link learns nothing."""
    invite, token = factories.invite(cast.aozora, cast.smith.email, cast.tanaka)
    invites.resend(invite, by=factories.seat(cast.membership(cast.tanaka)), now=now)
    db.session.commit()
    for browser in (client, as_(cast.smith)):
        assert REPLACED in text(browser, token)
    never = text(client, "no-such-token", 404)
    assert cast.aozora.name not in never and REPLACED not in never


def test_reads_that_somebody_accepted_by_the_newer_letter(
    cast: Cast, client: PortalClient, now: datetime
) -> None:
    """T2-37"""
    invite, token = factories.invite(cast.aozora, "new@example.com", cast.tanaka)
    invites.resend(invite, by=factories.seat(cast.membership(cast.tanaka)), now=now)
    invite.status, invite.answered_at = InviteStatus.ACCEPTED, now
    db.session.commit()
    assert "This invitation was accepted on" in text(client, token)


def test_reads_that_another_invitation_followed(
    cast: Cast, client: PortalClient, now: datetime
) -> None:
    """T2-37: an expired one that was sent anew is another row."""
    old = now - timedelta(days=8)
    _invite, token = factories.invite(
        cast.aozora, "new@example.com", cast.tanaka, expires_at=old, status=InviteStatus.CANCELLED
    )
    factories.invite(cast.aozora, "new@example.com", cast.tanaka)
    db.session.commit()
    assert REPLACED in text(client, token)


def test_reads_in_which_zone_it_expired(cast: Cast, as_: As, now: datetime) -> None:
    """T2-37"""
    cast.smith.time_zone = "Asia/Tokyo"
    _invite, token = factories.invite(
        cast.aozora, cast.smith.email, cast.tanaka, expires_at=now - timedelta(days=1)
    )
    db.session.commit()
    page = text(as_(cast.smith), token)
    assert re.search(r"This invitation expired on [^<]*\((JST|GMT\+9|\+0900)\)", page)
