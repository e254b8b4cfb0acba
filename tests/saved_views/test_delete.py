"""Deleting a saved view; and what goes when others go. It …"""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import Account, Activity, Organization, SavedView
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.saved_views.conftest import LIST, PAGE, As, Keep, kept


def path(view: SavedView, organization: str = "aozora", screen: str = "MemberView") -> str:
    return f"/o/{organization}/views/{screen}/{view.id}/delete"


def test_takes_it_away_and_goes_back_to_the_list_as_it_was(cast: Cast, as_: As, keep: Keep) -> None:
    view, other, browser = keep("Off"), keep("On"), as_(cast.tanaka)
    answer = browser.submit(
        path(view), {"query": "type=power&page=4&next=//evil.example"}, page=PAGE
    )
    assert answer.location == f"{LIST}?type=power"
    assert "The view “Off” was deleted." in browser.get(answer.location).get_data(as_text=True)
    assert [one.id for one in kept()] == [other.id]
    [line] = db.session.scalars(select(Activity).where(Activity.event == "view_deleted"))
    assert (line.actor_id, line.subject_name, line.details) == (
        cast.tanaka.id,
        "Off",
        {"screen": "MemberView"},
    )


def test_asks_first(cast: Cast, as_: As, keep: Keep) -> None:
    view = keep("Off")
    page = as_(cast.tanaka).get(PAGE).get_data(as_text=True)
    assert "Delete the view “Off”?" in page
    assert f'popovertarget="delete-view-{view.id}"' in page
    assert as_(cast.tanaka).get(path(view)).status_code == 405


def test_is_refused_to_those_who_only_look(cast: Cast, as_: As, keep: Keep) -> None:
    view = keep("Off")
    for who in (cast.suzuki, cast.smith, cast.sato):
        assert as_(who).submit(path(view), page="/profile/").status_code == 403
    assert len(kept()) == 1


def test_is_not_there_for_outsiders(cast: Cast, as_: As, keep: Keep) -> None:
    """S4-09: neither in the other organization nor by its id in their own."""
    view, browser = keep("Off"), as_(cast.yamada)
    assert browser.submit(path(view), page="/profile/").status_code == 404
    assert browser.submit(path(view, "minato"), page="/profile/").status_code == 404
    assert len(kept()) == 1


def test_sends_strangers_to_sign_in(cast: Cast, client: PortalClient, keep: Keep) -> None:
    view = keep("Off")
    assert client.submit(path(view), page="/login/").location.startswith("/login/")
    assert len(kept()) == 1


def test_wants_a_view_of_that_list(cast: Cast, as_: As, keep: Keep) -> None:
    view, browser = keep("Off"), as_(cast.tanaka)
    assert browser.submit(path(view, screen="InviteView"), page="/profile/").status_code == 404
    for pk in ("0", "x", "9" * 12, "-1"):
        assert (
            browser.submit(f"/o/aozora/views/MemberView/{pk}/delete", page="/profile/").status_code
            == 404
        )
    assert len(kept()) == 1


def test_goes_with_its_organization_and_outlives_its_maker(each_app: object) -> None:
    """On both databases."""
    aozora, minato = factories.organization("aozora"), factories.organization("minato")
    maker = factories.account("maker")
    session: Session = db.session  # type: ignore[assignment]
    for where in (aozora, minato):
        session.add(
            SavedView(
                organization_id=where.id,
                screen="MemberView",
                name="Off",
                query="q=a",
                created_by_id=maker.id,
                created_at=factories.NOW,
            )
        )
    session.commit()
    session.delete(aozora)
    session.execute(delete(Account).where(Account.id == maker.id))
    session.commit()
    assert [(view.organization_id, view.created_by_id) for view in kept()] == [(minato.id, None)]


def test_lets_the_organization_be_deleted_on_its_page(cast: Cast, as_: As, keep: Keep) -> None:
    keep("Off")
    as_(cast.root).submit(f"/organizations/delete/{cast.aozora.id}", {"typed": "aozora"})
    assert kept() == []
    assert list(db.session.scalars(select(Organization.code))) == ["minato"]
