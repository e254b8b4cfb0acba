"""What a second step is bound to: its account, its methods, its tries. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import text

from app.access.two_factor import Method
from app.extensions import db
from app.models import Letter, TrustedDevice
from app.two_factor import devices, refusals
from app.two_factor import service as two_factor
from app.two_factor.queries import RESEND_AFTER
from tests.cast import Cast
from tests.two_factor.codes import again, check, sent
from tests.two_factor.conftest import Phone


def test_is_not_spared_in_a_browser_that_somebody_else_trusted(cast: Cast, now: datetime) -> None:
    """§10: the key of a trusted browser counts for the account that trusted it."""
    key = devices.trust(cast.smith, Method.MAIL, ip="", user_agent="", now=now)
    assert not devices.recognize(cast.suzuki, key, now=now)
    assert db.session.query(TrustedDevice).one().last_used_at == now
    assert devices.recognize(cast.smith, key, now=now)


def test_takes_no_code_of_a_way_that_the_account_has_no_more(
    cast: Cast, now: datetime, phone: Callable[..., Phone]
) -> None:
    """§10: a code that was mailed opens nothing once letters are not among the account's ways; no
    try is taken.
    """
    browser, code = sent(cast.smith, now)
    row = two_factor.waiting(browser, now=now)
    phone(cast.smith, now)
    cast.smith.two_factor = False
    row.used_at = None
    db.session.commit()
    with pytest.raises(refusals.CodeOver):
        check(browser, code, now)
    db.session.refresh(row)
    assert (row.tries_left, row.used_at) == (two_factor.TRIES, None)


def test_mails_no_code_when_the_last_try_was_taken_meanwhile(
    cast: Cast, now: datetime, letters: Callable[..., list[Letter]]
) -> None:
    """§10: what was read when the request began is asked again as the code is replaced."""
    browser, _code = sent(cast.smith, now)
    row = two_factor.waiting(browser, now=now)
    later = row.sent_at + RESEND_AFTER
    assert row.tries_left == two_factor.TRIES
    with db.engine.begin() as elsewhere:
        elsewhere.execute(text("UPDATE login_code SET tries_left = 0"))
    with pytest.raises(refusals.CodeOver):
        again(browser, later)
    assert len(letters("sign_in_code")) == 1
