"""The migration that takes away the tables of FAB's that nobody reads, on both databases. It …"""

from __future__ import annotations

import pytest
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import inspect, text

from app.database import MIGRATIONS
from app.extensions import db
from app.models.fab import NOT_MADE
from app.upgrade import upgrade
from tests import factories

UNREAD = {table.name for table in NOT_MADE}
READ = {"ab_user", "ab_role", "ab_user_role"}


@pytest.fixture(autouse=True)
def one_administrator(upgraded: Flask) -> None:
    factories.platform_administrator(factories.account("root"))
    db.session.commit()


def tables() -> set[str]:
    return {name for name in inspect(db.engine).get_table_names() if name.startswith("ab_")}


def down() -> None:
    db.session.commit()
    downgrade(directory=str(MIGRATIONS), revision="0015")


def rows(name: str) -> int:
    with db.engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0)


def test_takes_them_away_and_brings_them_back() -> None:
    assert tables() == READ
    down()
    assert tables() == READ | UNREAD
    assert len(UNREAD) == 9
    upgrade()
    assert tables() == READ
    assert [rows(name) for name in sorted(READ)] == [1, 1, 1], "people and their roles stay"


def test_keeps_and_names_what_somebody_s_own_code_wrote(
    capsys: pytest.CaptureFixture[str],
) -> None:
    down()
    with db.engine.begin() as connection:
        connection.execute(text("INSERT INTO ab_group (id, name) VALUES (7, 'ours')"))
        connection.execute(text("INSERT INTO ab_group_role (id, group_id) VALUES (7, 7)"))
    upgrade()
    assert "reads ab_group_role, ab_group. Their rows are kept." in capsys.readouterr().out
    assert tables() == READ | {"ab_group", "ab_group_role", "ab_user_group"}
    down()
    upgrade()
    assert [rows(name) for name in ("ab_group", "ab_group_role")] == [1, 1]
