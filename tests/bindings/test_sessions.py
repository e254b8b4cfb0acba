"""“End all sessions” ends what those sessions open here (D-C11). It …"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.extensions import db
from app.kernel.errors import Refusal
from app.managed_accounts import signing_in
from app.models import AccountSession
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import As, events, of, text

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_shuts_sessions_out_of_this_organization_alone(
    cast: Cast, as_: As, tanaka: PortalClient
) -> None:
    """A power user's “end all sessions” ends what those sessions can open here."""
    factories.membership(cast.yamada, cast.aozora)
    db.session.commit()
    theirs = as_(cast.yamada)
    assert theirs.get("/o/aozora/").status_code == 200
    member = of(cast.yamada, cast.aozora)
    assert member
    page = f"/o/aozora/members/signing-in/{member.id}"
    assert 'name="session"' not in text(tanaka, page)
    tanaka.submit(f"{page}/end-all", page=page)
    assert theirs.get("/o/aozora/").status_code == 403
    assert theirs.get("/o/minato/").status_code == 200
    assert as_(cast.yamada).get("/o/aozora/").status_code == 200
    assert events("sessions_ended")


def test_ends_no_single_session_of_an_account_that_it_did_not_register(
    cast: Cast, as_: As, tanaka: PortalClient
) -> None:
    theirs = as_(cast.smith)
    theirs.get("/o/aozora/")
    session = db.session.scalars(
        select(AccountSession).where(AccountSession.account_id == cast.smith.id)
    ).one()
    page = f"/o/aozora/members/signing-in/{cast.membership(cast.smith).id}"
    tanaka.submit(f"{page}/end", {"session": str(session.id)}, page=page)
    assert theirs.get("/profile/").status_code == 200
    with pytest.raises(Refusal):
        signing_in.end_session(
            cast.membership(cast.smith),
            str(session.id),
            by=factories.seat(cast.membership(cast.tanaka)),
            now=NOW,
        )


def test_ends_whole_sessions_for_the_home_of_a_managed_account(
    cast: Cast, as_: As, tanaka: PortalClient
) -> None:
    """Also when its owner belongs elsewhere, too."""
    cast.smith.managed_by = cast.aozora
    factories.membership(cast.smith, cast.minato)
    db.session.commit()
    theirs = as_(cast.smith)
    page = f"/o/aozora/members/signing-in/{cast.membership(cast.smith).id}"
    tanaka.submit(f"{page}/end-all", page=page)
    assert theirs.get("/o/minato/").status_code == 302
