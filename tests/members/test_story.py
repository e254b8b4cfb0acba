"""What happened to a member, on their page and in the log behind it (issue 3, Details). It …"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.activity import events
from app.activity import service as activity
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, As, part, text


def test_leads_to_the_rest_of_the_story(tanaka: PortalClient, cast: Cast, now: datetime) -> None:
    """The last ten lines about the member, then the log with the same person asked for."""
    for number in range(12):
        activity.record(
            events.MEMBER_SUSPENDED,
            now=now + timedelta(minutes=number),
            by=cast.tanaka,
            organization=cast.aozora,
            subject=cast.smith,
            reason=f"reason {number}!",
        )
    activity.record(
        events.MEMBER_SUSPENDED,
        now=now,
        by=cast.tanaka,
        organization=cast.aozora,
        subject=cast.suzuki,
        reason="other",
    )
    role = factories.role(cast.aozora, "Same number")
    role_event = activity.record(
        events.ROLE_CREATED,
        now=now,
        by=cast.tanaka,
        organization=cast.aozora,
        subject=role,
        authorities=[],
    )
    role_event.subject_id = cast.smith.id
    shown = part(text(tanaka, f"/show/{cast.membership(cast.smith).id}"), "timeline")
    assert ("reason 2!" in shown, "reason 1!" in shown) == (True, False)
    link = f"/o/aozora/activity/list/?about={cast.smith.id}"
    assert link in shown
    log = text(tanaka, link)
    assert sum(f"reason {number}!" in log for number in range(12)) == 12
    assert "About: Smith John" in log
    assert "other" not in part_of_main(log)
    assert "Same number" not in part_of_main(log)
    assert f'<input type="hidden" name="about" value="{cast.smith.id}">' in log, "a search keeps it"


def part_of_main(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize("asked", ["x", "", "-1", "99999999999999999999", "１", "0"])
def test_reads_a_person_that_cannot_be_as_nobody_asked_for(
    tanaka: PortalClient, asked: str
) -> None:
    assert tanaka.get("/o/aozora/activity/list/", query_string={"about": asked}).status_code == 200


def test_names_nobody_of_another_organization(
    tanaka: PortalClient, cast: Cast, now: datetime
) -> None:
    """S4-09: a number says nothing about who has it."""
    activity.record(
        events.MEMBER_SUSPENDED,
        now=now,
        by=cast.yamada,
        organization=cast.minato,
        subject=cast.yamada,
        reason="",
    )
    assert "山田" not in text(tanaka, f"/o/aozora/activity/list/?about={cast.yamada.id}")


def test_tells_the_member_s_story_to_those_who_may_see_the_log(
    tanaka: PortalClient, cast: Cast, as_: As
) -> None:
    smith = cast.membership(cast.smith).id
    tanaka.submit(f"{BASE}/edit/{smith}", {"type": "general", "preset": "accounting"})
    assert "changed what" in text(tanaka, f"/show/{smith}")
    assert "changed what" not in text(as_(cast.suzuki), f"/show/{smith}")
