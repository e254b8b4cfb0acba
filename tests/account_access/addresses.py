"""Changing one's e-mail address, step by step: asking for one, the link in the letter, time that
passes.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import update

from app.extensions import db
from app.models import Account, EmailChange
from tests.accounts.conftest import As, Letters
from tests.conftest import PortalClient

PAGE, NEW, OLD = "/profile/email/", "john@new.example", "smith@example.com"
LINK = re.compile(r"http://localhost(/email/(?:confirm|undo)/[\w-]+)")


def again(who: Account) -> Account:
    db.session.expire_all()
    return who


def link(letters: Letters, kind: str, to: str) -> str:
    """The address in the newest letter of a kind."""
    found = LINK.search(letters(kind, to=to)[-1].text)
    assert found, f"no link in {kind} to {to}"
    return found[1]


def ask(as_: As, who: Account, address: str = NEW) -> PortalClient:
    client = as_(who)
    answer = client.submit(PAGE, {"email": address})
    assert answer.location == "/profile/", answer.get_data(as_text=True)
    return client


def changed(as_: As, who: Account, letters: Letters, address: str = NEW) -> PortalClient:
    """Somebody who asked for an address and confirmed it."""
    client = ask(as_, who, address)
    assert client.submit(link(letters, "email_confirm", address)).location == "/profile/"
    return client


def shift(**values: Any) -> None:
    db.session.execute(update(EmailChange).values(**values))
    db.session.commit()
