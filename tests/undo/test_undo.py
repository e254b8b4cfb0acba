"""Taking a change of a member back, from the line of the log that tells of it. It …"""

from __future__ import annotations

from datetime import datetime

import pytest

from app.activity import events as catalogue
from app.activity import service as activity
from app.extensions import db
from app.models import MemberRole, Membership, MemberType
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, Letters, of
from tests.undo.undoing import CHANGES, last, path, standing, take_back


@pytest.mark.parametrize("change", CHANGES)
def test_makes_everything_as_it_was(
    tanaka: PortalClient, cast: Cast, smith: Membership, change: str
) -> None:
    """B-78, BEYOND 7: type, roles, authorities, suspension, removal; the log tells both ways."""
    before = standing(cast.smith)
    CHANGES[change](tanaka, smith)
    line = last()
    assert standing(cast.smith) != before
    shown = tanaka.get(f"/o/aozora/activity/show/{line.id}").get_data(as_text=True)
    assert path(line) in shown
    assert tanaka.get(path(line)).status_code == 200
    assert standing(cast.smith) != before, "looking changes nothing"
    assert take_back(tanaka, line) == 302
    assert standing(cast.smith) == before
    taking_back = last()
    assert (taking_back.undoes_id, taking_back.actor_id) == (line.id, cast.tanaka.id)
    former = tanaka.get(f"/o/aozora/activity/show/{line.id}").get_data(as_text=True)
    latter = tanaka.get(f"/o/aozora/activity/show/{taking_back.id}").get_data(as_text=True)
    assert f'href="/o/aozora/activity/show/{taking_back.id}"' in former
    assert f'href="/o/aozora/activity/show/{line.id}"' in latter
    assert path(line) not in former


def test_takes_a_reinstatement_back_with_the_former_reason(
    tanaka: PortalClient, cast: Cast, smith: Membership
) -> None:
    CHANGES["suspended"](tanaka, smith)
    tanaka.submit(f"{BASE}/action/reinstate/{smith.id}", page=BASE + "/list/")
    assert take_back(tanaka, last()) == 302
    again = of(cast.smith)
    assert again
    assert (again.is_suspended, again.suspended_reason) == (True, "休職")


def test_brings_a_suspended_member_back_suspended(tanaka: PortalClient, cast: Cast) -> None:
    """Nobody is let in by being removed and brought back."""
    tanaka.submit(f"{BASE}/delete/{cast.membership(cast.sato).id}")
    assert take_back(tanaka, last()) == 302
    again = of(cast.sato)
    assert again
    assert (again.is_suspended, again.suspended_reason) == (True, "On leave")


def test_can_itself_be_taken_back(tanaka: PortalClient, cast: Cast, smith: Membership) -> None:
    CHANGES["made a power user"](tanaka, smith)
    take_back(tanaka, last())
    assert take_back(tanaka, last()) == 302
    assert standing(cast.smith)[0] is MemberType.POWER


def test_finds_roles_under_their_new_name(
    tanaka: PortalClient, cast: Cast, smith: Membership
) -> None:
    CHANGES["a role taken"](tanaka, smith)
    line = last()
    db.session.query(MemberRole).filter_by(name="Night shift").one().name = "Late shift"
    db.session.commit()
    assert take_back(tanaka, line) == 302
    assert standing(cast.smith)[2] == ["Late shift"]


def test_understands_lines_from_before_ids_were_kept(
    tanaka: PortalClient, cast: Cast, smith: Membership, now: datetime
) -> None:
    changes = {"roles": [["Viewer"], ["Night shift"]]}
    line = activity.record(
        catalogue.MEMBER_EDITED,
        now=now,
        by=cast.tanaka,
        organization=cast.aozora,
        subject=smith,
        changes=changes,
    )
    db.session.commit()
    assert take_back(tanaka, line) == 302
    assert standing(cast.smith)[2] == ["Viewer"]


def test_tells_the_member_by_letter(
    tanaka: PortalClient, cast: Cast, smith: Membership, letters: Letters
) -> None:
    CHANGES["removed"](tanaka, smith)
    take_back(tanaka, last())
    assert [one.kind for one in letters(to=cast.smith.email)] == [
        "membership_removed",
        "membership_added",
    ]
