"""A power user sees how the emails of their organization fare (T2-113). It …"""

from __future__ import annotations

from collections.abc import Callable

from app.extensions import db
from app.models import Account, LetterState
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
LIST = "/o/aozora/emails/list/"


def test_lists_the_organizations_own_without_their_content(cast: Cast, as_: As) -> None:
    """T2-113: neither another organization's nor what an account is written alone."""
    ours = factories.letter(cast.aozora, "ours@example.com")
    others = [
        factories.letter(cast.minato, "theirs@example.com"),
        factories.letter(None, "code@example.com"),
    ]
    db.session.commit()
    others.append(factories.letter(cast.aozora, "asked@example.com", kind="binding_waiting"))
    waiting = factories.letter(cast.aozora, state=LetterState.WAITING, reason="535 by the relay")
    db.session.commit()
    page = as_(cast.tanaka).get(LIST).get_data(as_text=True)
    assert "asked@" not in page, "D-C11: the address of whoever did not answer yet"
    assert waiting.recipient in page and "535" not in page, "the operator's affair"
    assert "ours@example.com" in page and "Undeliverable" in page
    assert "theirs@" not in page and "code@" not in page
    shown = as_(cast.tanaka).get(f"/o/aozora/emails/show/{ours.id}").get_data(as_text=True)
    assert "no such mailbox" in shown and "the link" not in shown
    for one in others:
        assert as_(cast.tanaka).get(f"/o/aozora/emails/show/{one.id}").status_code == 404


def test_is_for_power_users(cast: Cast, as_: As) -> None:
    assert as_(cast.suzuki).get(LIST).status_code == 403
    assert as_(cast.yamada).get(LIST).status_code == 404
