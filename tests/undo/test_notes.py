"""Notes of what was just done: by name, with Undo, for one and for many (T2-40). It …"""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.access.authorities import Authority
from app.extensions import db
from app.models import Activity
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.invites.conftest import ADD, given
from tests.members.conftest import BASE, As, built_in, events, is_member, of, text

UNDO = re.compile(r'action="(/o/aozora/(?:activity|batches)/undo[^"]*)"')
NOTE = re.compile(r'<div class="note[^>]*role="status">(.*?)</form>', re.S)


def note(page: str) -> tuple[str, str]:
    """The words of the note with Undo, and where its Undo is posted to."""
    found = NOTE.search(page)
    assert found, "no note with Undo"
    [url] = UNDO.findall(found[0])
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()), url


@pytest.mark.parametrize(
    ("path", "form", "words"),
    [
        ("suspension/{}", {"reason": ""}, "John Smith was suspended."),
        ("delete/{}", {}, "John Smith was removed."),
        (
            "edit/{}",
            {"type": "general", "preset": "custom", "authorities": ["user_viewer"], "sure": "1"},
            "The permissions of John Smith were changed.",
        ),
    ],
)
def test_says_what_happened_to_whom_and_offers_undo(
    tanaka: PortalClient, cast: Cast, path: str, form: dict[str, str], words: str
) -> None:
    """T2-40: one press takes it back, and leads back to where the note stood."""
    smith = cast.membership(cast.smith)
    smith.authorities = frozenset({"billing_viewer"})
    db.session.commit()
    before = (smith.type, smith.authorities, smith.is_suspended)
    door = f"{BASE}/{path.format(smith.id)}"
    told, undo = note(tanaka.submit(door, form, follow_redirects=True).get_data(as_text=True))
    assert told.startswith(words) and told.endswith("Undo")
    answer = tanaka.submit(undo, {"next": f"{BASE}/list/?q=smith"}, page="/profile/")
    assert answer.location == f"{BASE}/list/?q=smith"
    after = of(cast.smith)
    assert after and (after.type, after.authorities, after.is_suspended) == before
    assert events()[-1].undoes_id or events()[-2].undoes_id


def test_says_the_role_and_offers_undo(tanaka: PortalClient, cast: Cast) -> None:
    """T2-40: + and ×."""
    smith, role = cast.membership(cast.smith), str(built_in("viewer").id)
    smith.authorities = frozenset({"billing_viewer"})
    db.session.commit()
    answer = tanaka.submit(
        f"{BASE}/give-role/{smith.id}",
        {"role": role},
        page=f"{BASE}/list/",
        follow_redirects=True,
    )
    told, undo = note(answer.get_data(as_text=True))
    assert told == "John Smith now has the role Viewer. Undo"
    tanaka.submit(undo, page="/profile/")
    after = of(cast.smith)
    assert after and after.roles == []


def test_gives_many_one_undo_that_does_what_can_be_done(tanaka: PortalClient, cast: Cast) -> None:
    """T2-40: the rest is named with its reason."""
    ids = [str(cast.membership(one).id) for one in (cast.smith, cast.suzuki)]
    rows = {"action": "suspend", "rowid": ids, "reason": ""}
    door = f"{BASE}/action_post"
    answer = tanaka.act(door, rows, page=f"{BASE}/list/", follow_redirects=True)
    told, undo = note(answer.get_data(as_text=True))
    assert told == "2 members were suspended. Undo" and "/batches/undo/" in undo
    suzuki = of(cast.suzuki)
    assert suzuki
    tanaka.submit(f"{BASE}/action/reinstate/{suzuki.id}", page="/profile/")
    asked = text(tanaka, undo)
    assert "Undo all of this?" in asked and "2 members were suspended." in asked
    page = tanaka.submit(undo, page="/profile/", follow_redirects=True).get_data(as_text=True)
    assert "1 change was taken back." in page
    assert "This was changed again since, by 太郎 田中" in page or "This was changed again" in page
    smith = of(cast.smith)
    assert smith and not smith.is_suspended


def test_writes_a_batch_under_one_name_and_single_acts_under_none(
    tanaka: PortalClient, cast: Cast
) -> None:
    """T2-40"""
    ids = [str(cast.membership(one).id) for one in (cast.smith, cast.suzuki)]
    role = str(built_in("editor").id)
    rows = {"action": "give_role", "rowid": ids, "chosen_role": role}
    tanaka.act(f"{BASE}/action_post", rows, page=f"{BASE}/list/")
    batches = {one.batch for one in events("member_edited")}
    assert len(batches) == 1 and None not in batches
    tanaka.submit(f"{BASE}/suspension/{ids[0]}", {"reason": ""})
    assert [one.batch for one in events("member_suspended")] == [None]


def test_takes_invitations_back_together(tanaka: PortalClient, cast: Cast) -> None:
    """T2-40: what one form sent is cancelled by one press."""
    answer = tanaka.submit(ADD, given("a@example.com, b@example.com"), follow_redirects=True)
    told, undo = note(answer.get_data(as_text=True))
    assert told.startswith("2 people were invited.")
    tanaka.submit(undo, page="/profile/")
    lines = db.session.scalars(select(Activity).where(Activity.event == "invite_cancelled")).all()
    assert {one.subject_name for one in lines} == {"a@example.com", "b@example.com"}
    assert all(one.undoes_id for one in lines)


def test_lets_somebody_without_the_log_take_back_their_own_acts_alone(
    as_: As, cast: Cast, tanaka: PortalClient
) -> None:
    """T2-40: others' acts stand in the log, which suzuki does not read."""
    cast.membership(cast.suzuki).authorities = frozenset({Authority.MEMBER_MANAGER})
    db.session.commit()
    smith = cast.membership(cast.smith)
    suzuki = as_(cast.suzuki)
    answer = suzuki.submit(f"{BASE}/suspension/{smith.id}", {"reason": ""}, follow_redirects=True)
    _told, undo = note(answer.get_data(as_text=True))
    suzuki.submit(undo, page="/profile/")
    after = of(cast.smith)
    assert after and not after.is_suspended
    tanaka.submit(f"{BASE}/suspension/{smith.id}", {"reason": ""})
    theirs = events("member_suspended")[-1]
    assert suzuki.get(f"/o/aozora/activity/undo/{theirs.id}").status_code == 403


def test_lists_undo_beside_the_lines_that_can_be_taken_back(
    tanaka: PortalClient, cast: Cast
) -> None:
    """T2-40: not beside those taken back already."""
    smith = cast.membership(cast.smith)
    tanaka.submit(f"{BASE}/suspension/{smith.id}", {"reason": ""})
    line = events("member_suspended")[-1]
    assert f'href="/o/aozora/activity/undo/{line.id}"' in text(tanaka, "/o/aozora/activity/list/")
    tanaka.submit(f"/o/aozora/activity/undo/{line.id}", page="/profile/")
    assert f"undo/{line.id}" not in text(tanaka, "/o/aozora/activity/list/")


def test_offers_no_undo_of_a_batch_to_another_organization(
    tanaka: PortalClient, as_: As, cast: Cast
) -> None:
    """T2-40"""
    ids = [str(cast.membership(one).id) for one in (cast.smith, cast.suzuki)]
    rows = {"action": "remove", "rowid": ids, "sure": "1"}
    tanaka.act(f"{BASE}/action_post", rows, page=f"{BASE}/list/")
    batch = events("member_removed")[-1].batch
    yamada = as_(cast.yamada)
    assert yamada.get(f"/o/minato/activity/undo-batch/{batch}").status_code == 404
    assert not is_member(cast.smith, cast.aozora)
    assert factories.NOW
