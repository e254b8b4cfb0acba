"""FAB's tables that the portal does not make are asked by nobody. It …"""

from __future__ import annotations

from flask import Flask
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import inspect

from app.extensions import db
from app.models import Account
from app.models.fab import NOT_MADE
from tests import factories
from tests.cast import Cast

UNREAD = {table.name for table in NOT_MADE}


def test_deletes_an_account_with_the_roles_it_has(app: Flask, cast: Cast) -> None:
    """FAB would first read the account's groups and API keys."""
    gone = factories.account("gone")
    factories.platform_administrator(gone)
    db.session.commit()
    db.session.delete(gone)
    db.session.flush()
    assert db.session.query(Account).filter_by(username="gone").one_or_none() is None


def test_writes_reads_and_deletes_a_role_by_fab_s_own_means(app: Flask) -> None:
    manager = app.appbuilder.sm  # type: ignore[attr-defined]
    assert manager.add_role("Guests")
    assert manager.find_role("Guests")
    manager.delete_role(manager.find_role("Guests").id)
    assert db.session.query(Role).filter_by(name="Guests").one_or_none() is None
    assert not UNREAD & set(inspect(db.engine).get_table_names())


def test_saves_an_account_by_fab_s_own_means(app: Flask, cast: Cast) -> None:
    """`flask fab reset-password`, an operator's last way in, does this."""
    before = cast.tanaka.password_hash
    app.appbuilder.sm.reset_password(cast.tanaka.id, "another password")  # type: ignore[attr-defined]
    db.session.expire_all()
    assert cast.tanaka.password_hash != before
