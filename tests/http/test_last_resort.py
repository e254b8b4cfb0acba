"""An error that nobody foresaw. It …"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_appbuilder import BaseView, expose

from app import create_app
from app.extensions import db
from app.models import Organization
from app.registration import HIDDEN, Screen
from app.upgrade import upgrade
from tests import cast as people
from tests import factories
from tests.conftest import PortalClient, empty, settings_for

SECRET = "SELECT password FROM safe"


class BrokenView(BaseView):
    """An integrator's page with a mistake in it."""

    route_base = "/broken"
    default_view = "look"

    @expose("/")
    def look(self) -> str:
        factories.organization("half-written")
        raise ZeroDivisionError(SECRET)


@pytest.fixture(scope="module")
def broken_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    made = create_app(
        settings_for(tmp_path_factory.mktemp("instance")),
        more=(Screen(BrokenView, HIDDEN),),
        check_database=False,
    )
    made.config["PROPAGATE_EXCEPTIONS"] = False
    made.test_client_class = PortalClient
    with made.app_context():
        upgrade()
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def browser(broken_app: Flask) -> PortalClient:
    empty(broken_app)
    made = broken_app.test_client()
    assert isinstance(made, PortalClient)
    return made.sign_in(people.assemble().suzuki)


def test_is_told_without_its_insides_and_under_a_name(
    browser: PortalClient, caplog: pytest.LogCaptureFixture
) -> None:
    """ASVS 16.5.1, 16.5.4, 16.3.4: the reader gets words and a request's name; the operators get
    the traceback under the same name.
    """
    answer = browser.get("/broken/")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in page
    for inside in (SECRET, "ZeroDivisionError", "Traceback", "sqlalchemy", "flask", ".py"):
        assert inside not in page
    assert answer.headers["X-Request-Id"] in caplog.text
    assert any(record.exc_info and SECRET in str(record.exc_info[1]) for record in caplog.records)


def test_leaves_nothing_half_done_and_the_process_alive(browser: PortalClient) -> None:
    """ASVS 16.5.3, 16.5.4, 2.3.3."""
    assert browser.get("/broken/").status_code == 500
    assert db.session.query(Organization).filter_by(code="half-written").count() == 0
    assert browser.get("/profile/").status_code == 200
