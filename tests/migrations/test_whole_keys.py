"""The migration that remembers which API keys were given everything, on both databases. It …"""

from __future__ import annotations

from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import text

from app.access.authorities import everything
from app.database import MIGRATIONS
from app.extensions import db
from app.upgrade import upgrade
from tests import factories


def test_marks_keys_with_every_authority_and_no_others(upgraded: Flask) -> None:
    holder = factories.membership(factories.account("tanaka"), factories.organization("aozora"))
    db.session.commit()
    for scopes in (everything(), ["user_viewer"]):
        factories.api_key(holder, *scopes)
    db.session.commit()
    downgrade(directory=str(MIGRATIONS), revision="0016")
    upgrade()
    query = text("SELECT is_whole, length(scopes) > 20 FROM portal_key ORDER BY id")
    with db.engine.connect() as connection:
        found = [tuple(map(bool, row)) for row in connection.execute(query)]
    assert found == [(True, True), (False, False)]
