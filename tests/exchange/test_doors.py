"""Who may take the members as a file, and what the log says of it. It …"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar
from urllib.parse import urlsplit

import pytest

from app.exchange.views import ExportView
from app.extensions import db
from app.members import lists
from app.members.views import MemberView
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.exchange.conftest import BASE, As, everything, log, page, read, role

# who may


def test_gives_a_viewer_the_page_and_not_everything(cast: Cast, as_: As) -> None:
    """S0-02: what the screen shows; the whole roster is for those who manage members."""
    suzuki = as_(cast.suzuki)
    assert len(read(page(suzuki))) == 3
    answer = everything(suzuki)
    assert answer.status_code == 403
    assert "Content-Disposition" not in answer.headers
    assert log() == []


@pytest.mark.parametrize("key", ["admin", "co_admin", "organization_user_manager"])
def test_gives_everything_to_those_who_manage_members(cast: Cast, as_: As, key: str) -> None:
    """D-C9."""
    cast.membership(cast.suzuki).roles = [role(key)]
    db.session.commit()
    assert len(read(everything(as_(cast.suzuki)))) == 3


def test_gives_the_platform_administrator_everything_and_logs_it(cast: Cast, as_: As) -> None:
    """S4-02."""
    assert len(read(everything(as_(cast.root)))) == 3
    [line] = log()
    assert line.as_platform


@pytest.mark.parametrize(
    ("who", "status"), [("smith", 403), ("sato", 403), ("yamada", 404), ("newcomer", 404)]
)
def test_gives_others_nothing(cast: Cast, as_: As, who: str, status: int) -> None:
    """S0-02: without User Viewer, suspended, of another organization, of none."""
    client = as_(getattr(cast, who))
    for answer in (page(client), everything(client)):
        assert answer.status_code == status
        assert "Content-Disposition" not in answer.headers
    assert log() == []


def test_asks_for_the_right_that_an_added_list_names() -> None:
    """Its own where it names one, else its list's; a base of several needs no list."""

    class Base(ExportView):
        method_permission_name: ClassVar[dict[str, str]] = {
            "export": "manage",
            "export_all": "manage",
        }

    class Strict(Base):
        definition = lists.MEMBERS
        class_permission_name = "MemberExport"

    class Elsewhere(Base):
        definition = lists.MEMBERS
        route_base = "/o/<organization>/archive"

    assert (Strict.route_base, Strict.class_permission_name) == (
        MemberView.route_base,
        "MemberExport",
    )
    assert (Elsewhere.route_base, Elsewhere.class_permission_name) == (
        "/o/<organization>/archive",
        "Member",
    )


def test_sends_strangers_to_sign_in(client: PortalClient, cast: Cast) -> None:
    answer = page(client)
    assert answer.status_code == 302
    assert urlsplit(answer.location).path == "/login/"
    assert client.submit(f"{BASE}/export", {"format": "csv"}).status_code == 302


def test_wants_the_form_s_token_for_everything(tanaka: PortalClient) -> None:
    assert tanaka.post(f"{BASE}/export", data={"format": "csv"}).status_code == 400
    assert log() == []


# the log


def test_leaves_a_line_in_the_log_for_everything(tanaka: PortalClient, cast: Cast) -> None:
    """B-79, S3-04: who took how many, narrowed by what."""
    everything(tanaka, "q=佐藤&status=suspended&status=active", "json")
    [line] = log()
    assert (line.organization_id, line.actor_id, line.subject_id) == (
        cast.aozora.id,
        cast.tanaka.id,
        None,
    )
    assert line.details == {
        "rows": 1,
        "format": "json",
        "filter": "q=佐藤; status=suspended,active",
    }
    page_ = tanaka.get("/o/aozora/activity/list/").get_data(as_text=True)
    assert "exported the members as a file." in page_
    assert "q=佐藤; status=suspended,active" in tanaka.get(
        f"/o/aozora/activity/show/{line.id}"
    ).get_data(as_text=True)


def test_leaves_none_for_a_page(tanaka: PortalClient, statements: Callable[[], list[str]]) -> None:
    """Nothing writes on GET."""
    page(tanaka)
    statements()
    page(tanaka)
    assert not [one for one in statements() if one.startswith(("INSERT", "UPDATE", "DELETE"))]
