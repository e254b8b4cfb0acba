"""Another spelling of one's own address: taken at once, for it is the same mailbox."""

from __future__ import annotations

from app.extensions import db
from app.models import Activity, EmailChange
from tests.account_access.addresses import OLD, PAGE, again


def test_takes_another_case_of_ones_own_address_at_once(as_, cast, letters):
    """T2-17: verified as before, told to the mailbox once, nothing to confirm."""
    spelled = (
        OLD.replace("smith", "John.Smith")
        if "." in OLD.partition("@")[0]
        else OLD.replace("s", "S", 1)
    )
    verified_at = cast.smith.email_verified_at
    answer = as_(cast.smith).submit(PAGE, {"email": spelled})
    assert answer.status_code == 302
    smith = again(cast.smith)
    assert (smith.email, smith.email_verified_at) == (spelled, verified_at)
    assert [one.recipient for one in letters("account_changed")] == [spelled]
    assert not db.session.query(EmailChange).count()
    line = db.session.query(Activity).filter_by(event="account_edited").one()
    assert line.details["changes"] == {"email": [OLD, spelled]}


def test_says_that_the_address_is_the_same_where_nothing_differs(as_, cast):
    """S2-26"""
    assert as_(cast.smith).submit(PAGE, {"email": OLD}).status_code == 409
