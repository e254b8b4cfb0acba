"""Questions: what one browser is asked to sign with a passkey: once, within five minutes.

Here: asking, and taking the answer's question, of parallel answers one. Not here: what is asked and
how it is checked (passkeys.ceremony).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import update

from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.kernel.tokens import digest, new_token
from app.models import Account, PasskeyQuestion

LIFE = timedelta(minutes=5)


class Purpose(StrEnum):
    """What the answer is for."""

    REGISTER = "register"
    SIGN_IN = "sign_in"
    SECOND_STEP = "second_step"
    PROOF = "proof"


class QuestionOver(Refusal):
    """The question was answered, has expired, or was asked in another browser or for something
    else.
    """

    status = 410
    text = lazy("That took too long, or was started again elsewhere. Try it once more.")


def issue(
    purpose: Purpose, *, account: Account | None, user_handle: str = "", now: datetime
) -> tuple[PasskeyQuestion, str]:
    """Write down a question; return it and the key that only the browser keeps."""
    browser = new_token()
    row = PasskeyQuestion(
        account_id=account.id if account else None,
        browser_digest=digest(browser),
        purpose=purpose,
        challenge=new_token(),
        user_handle=user_handle,
        created_at=now,
        expires_at=now + LIFE,
    )
    db.session.add(row)
    db.session.flush()
    return row, browser


def redeem(
    browser: str, purpose: Purpose, *, account: Account | None, now: datetime
) -> PasskeyQuestion:
    """Return the live question of a browser, used up by this very request. Raises QuestionOver."""
    whose = (
        PasskeyQuestion.account_id.is_(None)
        if account is None
        else PasskeyQuestion.account_id == account.id
    )
    asked = (
        PasskeyQuestion.browser_digest == digest(browser),
        PasskeyQuestion.purpose == purpose,
        whose,
    )
    live = (PasskeyQuestion.used_at.is_(None), PasskeyQuestion.expires_at > now)
    claim = (
        update(PasskeyQuestion)
        .where(*asked, *live)
        .values(used_at=now)
        .returning(PasskeyQuestion.id)
    )
    claimed = db.session.scalar(claim, execution_options={"synchronize_session": False})
    if claimed is None:
        raise QuestionOver()
    return db.session.get_one(PasskeyQuestion, claimed)
