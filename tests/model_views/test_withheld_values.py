"""What must not come out or in, whatever door is tried. It …"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extend import (
    Column,
    ModelView,
    Organization,
    OrganizationInterface,
    OrganizationModel,
    Screen,
    UtcDateTime,
)
from app.extensions import db
from app.model_views import declared, registering
from app.model_views.checks.model_checks import complaints
from app.model_views.columns import kinds
from app.models import Activity
from app.models.base import texts_of
from tests import cast as people
from tests.cast import Cast
from tests.conftest import build_app, empty, settings_for
from tests.portal_client import PortalClient
from tests.rest.conftest import Caller, issued

HERE = "/o/aozora/safes"


class Safe(OrganizationModel):
    """A safe with a secret number."""

    __tablename__ = "safe"

    organization: Mapped[Organization] = relationship(Organization)
    name: Mapped[str] = mapped_column(String(40))
    iban: Mapped[str] = mapped_column(String(40), default="")
    pin: Mapped[str] = mapped_column(String(10), default="", info={"secret": True})
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SafeView(ModelView):
    """Safes."""

    datamodel = OrganizationInterface(Safe)
    list_title = "Safes"
    list_columns = ["name", "iban", "opened_at"]
    columns = (Column("iban", "IBAN", value=lambda safe: f"…{safe.iban[-4:]}"),)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("instance")
    yield build_app(settings_for(folder), more=(Screen(SafeView),))
    registering.forget([SafeView])


@pytest.fixture
def app(portal: Flask) -> Iterator[Flask]:
    empty(portal)
    with portal.app_context():
        yield portal
        db.session.remove()


@pytest.fixture
def cast(app: Flask) -> Cast:
    return people.assemble()


@pytest.fixture
def safe(cast: Cast) -> Safe:
    here = cast.membership(cast.tanaka).organization_id
    row = Safe(organization_id=here, name="Basement", iban="DE89370400440532013000", pin="4711")
    db.session.add(row)
    db.session.commit()
    return row


def test_offers_no_other_organization_by_the_relation_to_ones_own() -> None:
    assert "organization" not in kinds(Safe)


def test_neither_calls_a_row_by_its_secret_nor_shows_nor_tells_it(
    app: Flask, cast: Cast, safe: Safe, as_: Callable[..., PortalClient]
) -> None:
    assert "pin" not in texts_of(Safe) and "pin" not in declared.shown_columns(SafeView)
    tanaka, number = as_(cast.tanaka), safe.id
    _key, secret = issued(cast.membership(cast.tanaka), ["safes_editor", "safes_viewer"])
    program = Caller(app, secret)
    said = [
        tanaka.get(f"{HERE}/show/{number}").get_data(as_text=True),
        tanaka.get(f"{HERE}/export?format=csv").get_data(as_text=True),
        tanaka.get(f"{HERE}/list/?q=4711").get_data(as_text=True).replace("q=4711", "", 1),
        program("GET", f"/safes/{number}").get_data(as_text=True),
    ]
    assert all("Basement" in page for page in (said[0], said[1], said[3]))
    shown = [place for place in (0, 1, 3) if "4711" in said[place]]
    assert not shown, [said[place][said[place].index("4711") - 200 :][:260] for place in shown]
    assert "Basement" not in said[2]


def test_tells_programs_and_files_what_a_view_tells_otherwise(
    app: Flask, cast: Cast, safe: Safe, as_: Callable[..., PortalClient]
) -> None:
    _key, secret = issued(cast.membership(cast.tanaka), ["safes_viewer"])
    assert Caller(app, secret)("GET", f"/safes/{safe.id}").get_json()["iban"] == "…3000"
    file = as_(cast.tanaka).get(f"{HERE}/export?format=csv").get_data(as_text=True)
    assert "…3000" in file and "DE89" not in file
    found = as_(cast.tanaka).get(f"{HERE}/list/?q=DE89").get_data(as_text=True)
    assert "Basement" not in found, "the search box finds no value that is not shown"


def test_brings_a_deleted_row_back_without_a_secret_that_the_log_never_had(
    cast: Cast, safe: Safe, as_: Callable[..., PortalClient]
) -> None:
    tanaka = as_(cast.tanaka)
    tanaka.submit(f"{HERE}/delete/{safe.id}")
    line = db.session.scalars(select(Activity.id).order_by(Activity.id.desc())).first()
    undo = f"/o/aozora/activity/undo/{line}"
    assert tanaka.submit(undo, {}, page=undo).status_code == 302
    assert db.session.scalars(select(Safe.pin)).one() == ""
    assert "•" in tanaka.get("/o/aozora/activity/list/").get_data(as_text=True)


@pytest.mark.parametrize("moment", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_takes_no_moment_that_some_zone_cannot_write(
    app: Flask, cast: Cast, safe: Safe, as_: Callable[..., PortalClient], moment: str
) -> None:
    form = {"name": "x", "opened_at": moment}
    assert as_(cast.tanaka).submit(f"{HERE}/edit/{safe.id}", form).status_code == 422
    _key, secret = issued(cast.membership(cast.tanaka), ["safes_editor", "safes_viewer"])
    answer = Caller(app, secret)("PATCH", f"/safes/{safe.id}", json={"opened_at": f"{moment}Z"})
    assert answer.status_code == 422


def test_offers_undo_to_whoever_may_edit_and_keeps_others_changes_closed(
    cast: Cast, safe: Safe, as_: Callable[..., PortalClient]
) -> None:
    own = cast.membership(cast.smith)
    own.authorities = frozenset({"safes_editor", "safes_viewer"})
    db.session.commit()
    smith = as_(cast.smith)
    smith.submit(f"{HERE}/edit/{safe.id}", {"name": "Attic"})
    line = db.session.scalars(select(Activity.id).order_by(Activity.id.desc())).first()
    undo = f"/o/aozora/activity/undo/{line}"
    assert smith.submit(undo, {}, page=undo).status_code == 302
    assert db.session.scalars(select(Safe.name)).one() == "Basement"
    as_(cast.tanaka).submit(f"{HERE}/edit/{safe.id}", {"name": "Cellar"})
    theirs = db.session.scalars(select(Activity.id).order_by(Activity.id.desc())).first()
    assert smith.get(f"/o/aozora/activity/undo/{theirs}").status_code == 403


def test_moves_no_row_and_empties_no_table_by_a_statement(cast: Cast, safe: Safe) -> None:
    there = cast.membership(cast.yamada).organization_id
    safe.organization_id = there  # read anew after the commit, so its former value was not known
    with pytest.raises(Exception, match="cannot find"):
        db.session.flush()
    db.session.rollback()
    with pytest.raises(TypeError, match="one by one"):
        db.session.execute(delete(Safe))


def test_says_at_start_that_a_key_to_a_member_must_be_able_to_be_empty() -> None:
    class Seal(OrganizationModel):
        __tablename__ = "seal"

        holder_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))

    class SealView(ModelView):
        datamodel = OrganizationInterface(Seal)

    assert any("Seal.holder_id could not be emptied" in one for one in complaints(SealView))
