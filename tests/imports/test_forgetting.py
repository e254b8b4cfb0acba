"""What is kept of an import once it is over. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.batches import values
from app.extensions import db
from app.imports import hooks
from app.models import Account, Batch, BatchFile, BatchRow, FirstLogin
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.imports.test_screen import checked, confirm

As = Callable[[Account], PortalClient]
SECRET = "xK9#mpL2$vQ"
TEXT = (
    "login_id,email,family_name,password\r\n"
    f"h,h@aozora.example.jp,Sato,{SECRET}\r\ni,i@@x,Ito,{SECRET}\r\n"
)


@pytest.fixture
def imported(cast: Cast, as_: As) -> Batch:
    cast.aozora.first_login = FirstLogin.PASSWORD
    db.session.commit()
    client = as_(cast.tanaka)
    url, page = checked(client, TEXT.encode())
    confirm(client, url, page, only_valid="1")
    return db.session.scalars(select(Batch)).one()


def test_forgets_the_file_and_every_password(imported: Batch, now: datetime) -> None:
    assert db.session.scalar(select(BatchFile.part)) is None
    said = [values.read(row.sealed_values, now=now) for row in db.session.scalars(select(BatchRow))]
    assert sorted(map(len, said)) == [0, 3]
    assert SECRET not in str(said)


def test_forgets_refused_rows_after_a_week(imported: Batch, now: datetime) -> None:
    hooks.forget_old(now + timedelta(days=6))
    assert db.session.scalar(select(BatchRow.number).where(BatchRow.sealed_values.is_not(None)))
    hooks.forget_old(now + timedelta(days=8))
    assert not db.session.scalar(select(BatchRow.number).where(BatchRow.sealed_values.is_not(None)))
