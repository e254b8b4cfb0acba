"""The first start by command: `flask portal setup`."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Account, Organization
from tests import cast as people
from tests.conftest import PortalClient


class TestCommand:
    ARGUMENTS = (
        "portal",
        "setup",
        "--organization-code",
        "acme",
        "--organization-name",
        "Acme",
        "--login-id",
        "root",
        "--email",
        "root@example.com",
    )

    def run(self, app: Flask, *more: str) -> Any:
        answer = app.test_cli_runner().invoke(args=[*self.ARGUMENTS, *more])
        db.session.rollback()
        return answer

    def test_it_prints_the_link_to_set_the_password_with(
        self, app: Flask, client: PortalClient, link: str
    ) -> None:
        answer = self.run(app, "--name", "Rita Root")
        assert answer.exit_code == 0
        path = re.fullmatch(r"http://localhost(/password/set/\S+)\n", answer.output)
        assert path
        account = db.session.scalars(select(Account)).one()
        assert (account.given_name, account.family_name) == ("Rita", "Root")
        assert client.submit(path[1], {"password": "Violet-Kettle-92"}).location == "/"
        assert client.get("/o/acme/").status_code == 200
        assert client.get(link).status_code == 410

    def test_it_takes_japanese_names_in_their_order(self, app: Flask) -> None:
        self.run(app, "--name", "佐々木 愛", "--language", "ja_JP")
        account = db.session.scalars(select(Account)).one()
        assert (account.family_name, account.given_name) == ("佐々木", "愛")

    def test_it_refuses_with_a_sentence_and_exit_1(self, app: Flask) -> None:
        people.assemble()
        answer = self.run(app, "--name", "Root")
        assert answer.exit_code == 1
        assert "The portal is set up already" in answer.stderr
        assert db.session.query(Account).count() == 7

    @pytest.mark.parametrize(
        "more",
        [
            ("--name", "Root", "--email", "nonsense"),
            ("--name", "Root", "--organization-code", "Not A Code"),
        ],
    )
    def test_it_leaves_nothing_behind_when_refused(self, app: Flask, more: tuple[str, ...]) -> None:
        answer = self.run(app, *more)
        assert answer.exit_code == 1
        assert db.session.query(Account).count() == db.session.query(Organization).count() == 0
