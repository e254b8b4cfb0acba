"""What the log shows of a batch (T2-42). It …"""

from __future__ import annotations

from app.extensions import db
from app.models import Batch
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE


def text(browser: PortalClient, path: str) -> str:
    return " ".join(browser.get(path).get_data(as_text=True).split())


def test_has_one_line_with_undo_and_shows_each_when_asked(cast: Cast, app: object) -> None:
    browser = app.test_client().sign_in(cast.tanaka)  # type: ignore[attr-defined]
    ids = [str(cast.membership(one).id) for one in (cast.smith, cast.suzuki)]
    browser.act(f"{BASE}/action_post", {"action": "suspend", "rowid": ids}, page="/profile/")
    batch = db.session.query(Batch).one()
    page = text(browser, "/o/aozora/activity/list/")
    assert "suspended <strong>2</strong> members" in page
    assert "suspended <strong>John Smith</strong>" not in page
    assert f"/o/aozora/batches/undo/{batch.public_id}" in page
    each = text(browser, f"/o/aozora/activity/list/?batch={batch.public_id}")
    assert "<strong>John Smith</strong>" in each
    about = text(browser, f"/o/aozora/activity/list/?about={cast.smith.id}")
    assert "<strong>John Smith</strong>" in about, "each one's own timeline has its line"


def test_undoes_all_of_it_once(cast: Cast, app: object) -> None:
    """T2-40, T2-42"""
    browser = app.test_client().sign_in(cast.tanaka)  # type: ignore[attr-defined]
    ids = [str(cast.membership(one).id) for one in (cast.smith, cast.suzuki)]
    browser.act(f"{BASE}/action_post", {"action": "remove", "rowid": ids}, page="/profile/")
    batch = db.session.query(Batch).one()
    undo = f"/o/aozora/batches/undo/{batch.public_id}"
    told = browser.submit(undo, {}, page="/profile/", follow_redirects=True)
    assert "2 changes were taken back." in told.get_data(as_text=True)
    again = browser.submit(undo, {}, page="/profile/", follow_redirects=True)
    assert "This can no longer be undone." in again.get_data(as_text=True)
    assert {one.id for one in cast.aozora and [cast.membership(cast.smith)]} <= {
        int(one) for one in ids
    }, "the same rows came back"


def test_is_nobody_s_business_elsewhere(cast: Cast, app: object) -> None:
    """An outsider finds nothing, nor does a member who may not do it."""
    batch = factories.batch(cast.aozora, cast.tanaka)
    db.session.commit()
    pages = [f"/o/aozora/batches/{one}/{batch.public_id}" for one in ("show", "progress", "undo")]
    for who in (cast.yamada, cast.suzuki, cast.smith):
        browser = app.test_client().sign_in(who)  # type: ignore[attr-defined]
        assert {browser.get(page).status_code for page in pages} == {404}
    own = app.test_client().sign_in(cast.yamada)  # type: ignore[attr-defined]
    assert own.get(f"/o/minato/batches/show/{batch.public_id}").status_code == 404


def test_refuses_all_that_match_a_filter_that_is_gone(cast: Cast, app: object) -> None:
    """T2-25: a dead choice means nobody, not everybody."""
    browser = app.test_client().sign_in(cast.tanaka)  # type: ignore[attr-defined]
    form = {"action": "reinstate", "all": "1", "match": "role=999999"}
    told = browser.ask(f"{BASE}/action_post", form)
    assert "something that no longer exists" in told
    assert db.session.query(Batch).count() == 0
