"""The sessions of a member, as those see and end them who manage the member. It …"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Activity
from tests import factories
from tests.cast import Cast
from tests.managed_accounts.signing_in import As, live, path, post


def test_ends_one_session_and_leaves_the_others(cast: Cast, as_: As) -> None:
    """B-68: of an account that the organization registered (D-C11)."""
    cast.smith.managed_by = cast.aozora
    first, second = as_(cast.smith), as_(cast.smith)
    chosen = min(live(cast.smith), key=lambda row: row.id)
    _status, page = post(as_(cast.tanaka), cast.smith, "end", session=str(chosen.id))
    assert "The session has ended." in page
    assert first.get("/profile/").status_code == 302
    assert second.get("/profile/").status_code == 200
    [line] = db.session.scalars(select(Activity).where(Activity.event == "sessions_ended"))
    assert (line.subject_id, line.organization_id, line.details) == (
        cast.smith.id,
        cast.aozora.id,
        {"count": 1},
    )


@pytest.mark.parametrize("wrong", ["0", "x", "", "999999999999999999999", "\0"])
def test_ends_no_session_of_anybody_else(cast: Cast, as_: As, wrong: str) -> None:
    yamada = as_(cast.yamada)
    theirs = live(cast.yamada)[0]
    for asked in (wrong, str(theirs.id)):
        post(as_(cast.tanaka), cast.smith, "end", session=asked)
    assert yamada.get("/profile/").status_code == 200


def test_shows_an_organization_only_what_was_used_there(cast: Cast, as_: As) -> None:
    """Where somebody works elsewhere is not this organization's business; signing out everywhere an
    account that it registered still is.
    """
    cast.smith.managed_by = cast.aozora
    factories.membership(cast.smith, cast.minato)
    here, there = as_(cast.smith), as_(cast.smith)
    here.get("/o/aozora/")
    there.get("/o/minato/")
    tanaka = as_(cast.tanaka)
    page = tanaka.get(path(cast.smith)).get_data(as_text=True)
    assert page.count("127.0.0.1") == 1
    assert "are not shown" in page
    hidden = next(row for row in live(cast.smith) if row.organization_id == cast.minato.id)
    post(tanaka, cast.smith, "end", session=str(hidden.id))
    assert there.get("/profile/").status_code == 200
    post(tanaka, cast.smith, "end-all")
    assert there.get("/profile/").status_code == 302
