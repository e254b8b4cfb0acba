"""Many acts, and letters of them all the same (T2-111). It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.access.authorities import Authority
from app.access.seat import Seat
from app.memberships import service as members
from app.models import Account, MemberType
from app.offers.offer import Offer
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.oversight.conftest import Heard

VIEWER = Offer(authorities=frozenset({Authority.USER_VIEWER}))


def test_tells_of_the_others_where_one_is_refused(
    cast: Cast, ito: Account, heard: Heard, as_: Callable[[Account], PortalClient]
) -> None:
    """T2-111: whoever is last, oneself, takes back nothing of the ones before."""
    ids = [str(cast.membership(one).id) for one in (cast.smith, cast.tanaka)]
    rows = {"action": "remove", "rowid": ids, "sure": "1"}
    as_(cast.tanaka).act("/o/aozora/members/action_post", rows, page="/profile/")
    assert heard() == [("member_was_removed", ito.email)]


def test_stops_at_sixty_of_one_person_in_an_hour(
    cast: Cast, ito: Account, by: Seat, heard: Heard, now: datetime
) -> None:
    """T2-111: the act goes on, and the log has it."""
    smith = cast.membership(cast.smith)
    for _turn in range(61):
        members.edit(smith, offer=Offer(MemberType.POWER), by=by, now=now)
        members.edit(
            smith, offer=Offer(authorities=frozenset({Authority.USER_VIEWER})), by=by, now=now
        )
        heard()
    told = [kind for kind, recipient in heard() if recipient == ito.email]
    assert told.count("power_user_made") == 60
