"""The town that people live in: a portal, a mail server, a language.

Here: what happens to all of them. Not here: what single people do (people.py), the stories
(test_….py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask

from app.extensions import db
from app.kernel.clock import utcnow
from app.models import Account
from app.outbox.delivery import Delivered, deliver_due
from app.setup import service as setup
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.journeys.people import Person
from tests.servers import PostOffice, free_port


@dataclass
class Town:
    """A portal with its mail server; `language` is what its people speak, "ja" or "en"."""

    app: Flask
    office: PostOffice
    language: str

    @property
    def locale(self) -> str:
        """The language as accounts have it."""
        return {"ja": "ja_JP"}.get(self.language, self.language)

    def says(self, japanese: str, english: str) -> str:
        """The sentence in the town's language."""
        return japanese if self.language == "ja" else english

    def stranger(self, family: str, given: str, address: str = "") -> Person:
        """Somebody whom the portal does not know yet."""
        login_id = family.lower()
        return Person(self, family, given, address or f"{login_id}@example.jp", login_id)

    def everybody(self) -> Cast:
        """Write the cast into the portal, all of them readers of the town's language."""
        cast = people.assemble()
        for account in db.session.query(Account):
            account.language = self.locale
        db.session.commit()
        return cast

    def citizen(self, account: Account) -> Person:
        """Somebody of the cast, with a browser of their own."""
        return Person(
            self,
            account.family_name,
            account.given_name,
            account.email,
            account.login_id,
            password=factories.PASSWORD,
        )

    def setup_link(self) -> str:
        """The link that the first start prints."""
        link = setup.new_link()
        assert link
        return link

    def mail_goes_out(self, *, later: timedelta = timedelta()) -> Delivered:
        """Let the worker deliver what is due, now or some time later."""
        db.session.rollback()
        delivered = deliver_due(utcnow() + later)
        db.session.rollback()
        return delivered

    def mail_server_goes_down(self) -> None:
        """From now on nobody listens where the mail server was."""
        self.app.extensions["mail"].port = free_port()

    def mail_server_is_back(self) -> None:
        """It listens again."""
        self.app.extensions["mail"].port = self.office.port
