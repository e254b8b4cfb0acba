"""The activity log's screen (S3-04): sentences in the reader's language, with before and after. It …"""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.activity import events
from app.activity import service as activity
from app.activity.events import CATALOGUE, Event
from app.activity.words import LABELS
from app.extensions import db
from app.kernel.i18n import in_language
from app.models import Account, Activity
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
LIST = "/o/aozora/activity/list/"
SAMPLES: dict[str, Any] = {
    "type": "power", "roles": ["Viewer", "経理担当"], "authorities": ["user_viewer", "billing_viewer"], "reason": "休職", "two_factor": True,
    "failure": "password", "ip": "192.0.2.7", "count": 3, "replacement": "Viewer", "members": 4, "screen": "MemberView",
    "role_ids": [[1], [2]], "suspended": None, "before_at": "2026-08-21T00:00:00+00:00", "view": "Member", "permission": "manage",
    "needed": ["member_manager", "platform administrator"],
    "rows": 56, "format": "csv", "filter": "q=佐藤; status=active",
    "changes": {
        "name": ["Old", "New"], "type": ["general", "power"], "roles": [["Viewer"], ["Admin", "Desk"]], "authorities": [["user_viewer"],
            ["billing_viewer"]],
        "language": ["en", "ja_JP"], "password_policy": ["classic", "length"], "first_login": ["link", "password"], "two_factor_required": [False, True],
        "expires_at": ["2026-11-21T01:00:00+00:00", "2026-11-28T01:00:00+00:00"], "email": ["", "new@example.com"], "hide_inviter": [True, False],
    },
}


def sample(key: str) -> Any:
    """A value for a detail, the same plain one where no other is named."""
    return SAMPLES.get(key, "2026-11-28T01:00:00+00:00" if key.endswith("_at") else "7")


def happened(cast: Cast, event: Event, at: datetime, **more: Any) -> Activity:
    """One line of aozora's log, every field filled in."""
    values: dict[str, Any] = {"by": cast.tanaka, "organization": cast.aozora, "subject": cast.smith} | more
    line = activity.record(event, now=at, **values, **{key: sample(key) for key in event.fields})
    db.session.commit()
    return line


def text(browser: PortalClient, path: str = LIST) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page[page.index("<main"):]).split())


# sentences


def subject_of(cast: Cast, event: Event) -> Any:
    if event.name.startswith("role_"):
        return factories.role(cast.aozora, f"Desk {event.name.removeprefix('role_')}")
    return cast.aozora if event.name.startswith("organization_") else cast.smith


TANAKA = {"en": "田中 太郎 (Taro Tanaka)", "ja_JP": "田中 太郎"}


def sentence_of(event: Event, language: str, actor: str, subject: str) -> str:
    with in_language(language):
        told = str(event.sentence).replace("%(actor)s", actor).replace("%(subject)s", subject)
    return re.sub(r"%\((\w+)\)s", lambda found: str(sample(found[1])), told) if actor else re.sub(r"%\(\w+\)s", "", told)


@pytest.mark.parametrize("language", ["en", "ja_JP"])
def test_tells_everything_that_can_happen_without_a_hole(cast: Cast, as_: As, now: datetime, language: str) -> None:
    """R12, S3-04: every event of the catalogue, in both languages, names in the reader's order."""
    for event in CATALOGUE.values():
        happened(cast, event, now, subject=subject_of(cast, event))
    cast.tanaka.language = language
    page = plain(text(as_(cast.tanaka), f"{LIST}?page_size=100"))
    assert "%(" not in page
    for event in CATALOGUE.values():
        subject = {"role": f"Desk {event.name.removeprefix('role_')}", "organization": "株式会社あおぞら"}.get(event.name.partition("_")[0])
        told = sentence_of(event, language, TANAKA[language], subject or ("John Smith" if language == "en" else "Smith John"))
        assert told in page
        assert event.name not in page.replace(told, "")


@pytest.mark.parametrize("event", CATALOGUE.values(), ids=CATALOGUE)
def test_has_a_japanese_sentence_for_everything_that_can_happen(app: object, event: Event) -> None:
    english, japanese = (sentence_of(event, language, "", "") for language in ("en", "ja_JP"))
    assert english.replace("’", "'").isascii()
    assert not japanese.isascii(), f"{event.name} has no Japanese sentence"
    assert "%(" not in japanese


@pytest.mark.parametrize("event", [events.MEMBER_EDITED, events.ROLE_DELETED, events.SIGNED_IN])
def test_tells_the_same_on_a_lines_own_page(cast: Cast, as_: As, now: datetime, event: Event) -> None:
    line = happened(cast, event, now, subject=subject_of(cast, event))
    for language in ("en", "ja_JP"):
        cast.tanaka.language = language
        page = plain(text(as_(cast.tanaka), f"/o/aozora/activity/show/{line.id}"))
        subject = "Desk deleted" if event is events.ROLE_DELETED else "John Smith" if language == "en" else "Smith John"
        assert sentence_of(event, language, TANAKA[language], subject) in page
        assert "%(" not in page


def test_tells_before_and_after_in_words(cast: Cast, as_: As, now: datetime) -> None:
    """S3-04: values as people call them, not as they are kept."""
    happened(cast, events.MEMBER_EDITED, now)
    page = plain(text(as_(cast.tanaka)))
    for words in (
        "Name: Old → New", "Type: General user → Power user", "Roles: Viewer → Admin and Desk", "Authorities given: Billing Viewer",
        "Authorities taken: User Viewer", "Language: English → Japanese", "Password rules: Mixed characters → Long",
        "First sign-in: A link by mail → A password by mail", "2-step verification required: Off → On",
        "Valid until: Sat 21 Nov 2026, 1:00 → Sat 28 Nov 2026, 1:00", "E-mail: none → new@example.com", "Inviter hidden: On → Off",
    ):
        assert words in page, words


def test_tells_before_and_after_in_japanese(cast: Cast, as_: As, now: datetime) -> None:
    happened(cast, events.MEMBER_EDITED, now)
    cast.tanaka.language = "ja_JP"
    cast.tanaka.time_zone = "Asia/Tokyo"
    page = plain(text(as_(cast.tanaka)))
    for words in ("一般ユーザー → 特権ユーザー", "閲覧者 → 管理者、Desk", "英語 → 日本語", "2026年11月21日（土）10:00 → 2026年11月28日（土）10:00"):
        assert words in page, words
    for label in ("Roles", "Language", "Type", "Valid until", "none"):
        assert f"{label}:" not in page


@pytest.mark.parametrize("name", LABELS)
def test_names_every_detail_in_japanese(app: object, name: str) -> None:
    with in_language("ja_JP"):
        assert not str(LABELS[name]).isascii()


def test_names_nobody_where_nobody_did_it(cast: Cast, as_: As, now: datetime) -> None:
    happened(cast, events.INVITE_CANCELLED, now, by=None)
    assert "The portal cancelled the invitation of John Smith." in plain(text(as_(cast.tanaka)))


def test_tells_an_event_that_this_version_does_not_know(cast: Cast, as_: As, now: datetime) -> None:
    line = activity.record(events.SIGNED_OUT, now=now, by=cast.tanaka, organization=cast.aozora, subject=cast.smith)
    line.event, line.details = "teleported", {"where": "Mars", "odd": {"a": 1}}
    db.session.commit()
    page = plain(text(as_(cast.tanaka)))
    assert "田中 太郎 (Taro Tanaka), John Smith: teleported" in page
    assert "where: Mars" in page


def test_keeps_names_from_becoming_markup(cast: Cast, as_: As, now: datetime) -> None:
    role = factories.role(cast.aozora, "<script>alert(1)</script> %(event)s")
    happened(cast, events.ROLE_CREATED, now, subject=role)
    page = text(as_(cast.tanaka))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; %(event)s" in page


def test_marks_what_the_platform_administrator_did(cast: Cast, as_: As) -> None:
    """S4-02."""
    as_(cast.root).submit("/o/aozora/roles/add", {"name": "From above"})
    page = plain(text(as_(cast.tanaka)))
    assert "Rita Root created the role From above. as platform administrator" in page


# finding


def test_tells_the_newest_first_under_the_readers_dates(cast: Cast, as_: As, now: datetime) -> None:
    at = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    for number, moment in enumerate((at, at + timedelta(hours=1), at - timedelta(days=1))):
        happened(cast, events.ROLE_DELETED, moment, subject=factories.role(cast.aozora, f"Role {number}"))
    page = plain(text(as_(cast.tanaka)))
    assert page.index("20 November 2026") < page.index("Role 1") < page.index("Role 0") < page.index("19 November 2026") < page.index("Role 2")
    cast.tanaka.time_zone, cast.tanaka.language = "Asia/Tokyo", "ja_JP"
    page = plain(text(as_(cast.tanaka)))
    assert page.index("2026年11月21日") < page.index("Role 0") < page.index("2026年11月20日")


@pytest.fixture
def varied(cast: Cast) -> Cast:
    """Four lines: a member, a role, an invitation, a sign-in; by tanaka and smith; on four days."""
    at = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
    happened(cast, events.MEMBER_SUSPENDED, at)
    happened(cast, events.ROLE_CREATED, at + timedelta(days=1), subject=factories.role(cast.aozora, "Night shift"))
    happened(cast, events.INVITE_SENT, at + timedelta(days=2), subject=factories.invite(cast.aozora, "guest@example.com", cast.tanaka)[0])
    happened(cast, events.SIGNED_OUT, at + timedelta(days=3), by=cast.smith)
    return cast


LINES = ("suspended", "created the role", "invited", "signed out")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", (1, 1, 1, 1)), ("group=members", (1, 0, 0, 0)), ("group=roles&group=invites", (0, 1, 1, 0)), ("group=signing_in", (0, 0, 0, 1)),
        ("q=night", (0, 1, 0, 0)), ("q=guest@", (0, 0, 1, 0)), ("q=smith", (1, 0, 0, 1)), ("q=%25", (0, 0, 0, 0)),
        ("from=2026-11-11", (0, 1, 1, 1)), ("to=2026-11-11", (1, 1, 0, 0)), ("from=2026-11-11&to=2026-11-12", (0, 1, 1, 0)),
        ("q=&actor=&from=&to=2026-11-10", (1, 0, 0, 0)), ("from=2027-01-01", (0, 0, 0, 0)), ("group=members&from=2026-11-11", (0, 0, 0, 0)),
    ],
)
def test_narrows_by_kind_words_and_days(varied: Cast, as_: As, query: str, found: tuple[int, ...]) -> None:
    page = plain(text(as_(varied.tanaka), f"{LIST}?{query}"))
    assert tuple(int(words in page) for words in LINES) == found
    assert ("Nothing that happened matches this search." in page) is (not any(found))


def test_narrows_by_who_acted(varied: Cast, as_: As) -> None:
    page = plain(text(as_(varied.tanaka), f"{LIST}?actor={varied.smith.id}"))
    assert tuple(words in page for words in LINES) == (False, False, False, True)


def test_shows_the_days_that_were_asked_for(varied: Cast, as_: As) -> None:
    page = text(as_(varied.tanaka), f"{LIST}?from=2026-11-11")
    assert '<input class="form-control form-control-sm w-auto" type="date" id="day-from" name="from" value="2026-11-11">' in page
    assert page.count('name="from"') == 1, "the day is asked once"


@pytest.mark.parametrize(
    "query",
    ["group=nonsense", "actor=x", "actor=999999", "actor=-1", "from=yesterday", "to=2026-02-30", "from=0001-01-01&to=9999-12-31", "sort=event",
        "page=0", "page=99",
     "page_size=1000", "q=%00", "from=%00"],
)
def test_reads_nonsense_as_nothing(varied: Cast, as_: As, query: str) -> None:
    text(as_(varied.tanaka), f"{LIST}?{query}")


def test_turns_pages(cast: Cast, as_: As, now: datetime) -> None:
    for number in range(30):
        happened(cast, events.SIGNED_OUT, now - timedelta(minutes=number))
    browser = as_(cast.tanaka)
    assert [text(browser, f"{LIST}?page={page}").count('<li class="line">') for page in (1, 2)] == [25, 5]
    assert text(browser, f"{LIST}?page_size=100").count('<li class="line">') == 30


def test_says_when_nothing_has_happened(cast: Cast, as_: As) -> None:
    assert "Nothing has happened yet" in text(as_(cast.tanaka))


# who may


def test_is_open_to_power_users_and_activity_log_viewers(cast: Cast, as_: As, now: datetime) -> None:
    """S3-04."""
    line = happened(cast, events.SIGNED_OUT, now)
    cast.membership(cast.smith).authorities = frozenset({"activity_viewer"})
    for who in (cast.tanaka, cast.smith, cast.root):
        for path in (LIST, f"/o/aozora/activity/show/{line.id}"):
            assert "signed out" in text(as_(who), path)


def test_is_refused_to_other_members(cast: Cast, as_: As, now: datetime) -> None:
    line = happened(cast, events.SIGNED_OUT, now)
    for who in (cast.suzuki, cast.smith):
        for path in (LIST, f"/o/aozora/activity/show/{line.id}"):
            answer = as_(who).get(path)
            assert answer.status_code == 403
            assert "signed out" not in answer.get_data(as_text=True)


def test_is_404_for_outsiders_under_either_address(cast: Cast, as_: As, now: datetime) -> None:
    """S0-01, S4-09."""
    line = happened(cast, events.SIGNED_OUT, now)
    yamada = as_(cast.yamada)
    for path in (LIST, f"/o/aozora/activity/show/{line.id}", f"/o/minato/activity/show/{line.id}"):
        assert yamada.get(path).status_code == 404
    assert as_(cast.newcomer).get(LIST).status_code == 404
    assert "signed out" not in text(yamada, "/o/minato/activity/list/")
    assert str(cast.tanaka.id) not in re.findall(r'name="actor" value="(\d+)"', text(yamada, "/o/minato/activity/list/"))


@pytest.mark.parametrize("pk", ["0", "abc", "999999", "99999999999999999999"])
def test_is_404_for_what_does_not_exist(cast: Cast, as_: As, pk: str) -> None:
    assert as_(cast.tanaka).get(f"/o/aozora/activity/show/{pk}").status_code == 404


def test_asks_strangers_to_sign_in(cast: Cast, client: PortalClient) -> None:
    assert client.get(LIST).location.startswith("/login/")


def test_can_be_written_by_nobody(cast: Cast, as_: As, now: datetime) -> None:
    """Append only: neither power users nor the platform administrator add, edit or delete a line."""
    line = happened(cast, events.SIGNED_OUT, now)
    for who in (cast.tanaka, cast.root):
        browser = as_(who)
        for path in ("add", f"edit/{line.id}", f"delete/{line.id}", "action_post", f"action/delete/{line.id}", f"show/{line.id}", "list/"):
            assert browser.submit(f"/o/aozora/activity/{path}", page="/o/aozora/").status_code in {404, 405}
    assert db.session.query(Activity).count() == 1


def test_costs_few_statements_however_many_lines(cast: Cast, as_: As, now: datetime, statements: Callable[[], list[str]]) -> None:
    for number in range(40):
        who = factories.account(f"crowd{number:02}")
        line = happened(cast, events.MEMBER_EDITED, now, by=who, subject=who)
    browser = as_(cast.tanaka)
    text(browser)
    for path, most in ((f"{LIST}?page_size=100", 8), (f"/o/aozora/activity/show/{line.id}", 12)):
        statements()
        text(browser, path)
        assert len(statements()) <= most, path


@pytest.mark.parametrize("query", ["from=0001-01-01", "to=0001-01-01", "from=9999-12-31", "to=9999-12-31", "from=yesterday"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_survives_days_at_either_end_of_the_calendar(cast: Cast, as_: As, query: str, zone: str) -> None:
    cast.tanaka.time_zone = zone
    assert as_(cast.tanaka).get(f"{LIST}?{query}").status_code == 200


# whom and what, and around it


@pytest.mark.parametrize("name", ["target", "about"])
def test_narrows_to_whom_or_what_it_happened(varied: Cast, as_: As, name: str) -> None:
    """B-80: a person, a role, an invitation; by the choices, or by a link that the choices need not know."""
    role, invite = (
        line.subject_id for line in db.session.query(Activity).filter(Activity.event.in_(["role_created", "invite_sent"])).order_by(Activity.id)
    )
    tanaka = as_(varied.tanaka)
    for asked, found in ((f"{varied.smith.id}", (1, 0, 0, 0)), (f"role-{role}", (0, 1, 0, 0)), (f"invite-{invite}", (0, 0, 1, 0))):
        page = plain(text(tanaka, f"{LIST}?{name}={asked}"))
        assert tuple(int(words in page) for words in LINES) == found, asked
    assert "About: Night shift" in plain(text(tanaka, f"{LIST}?about=role-{role}"))
    for nonsense in ("role-x", "planet-1", "role--1", "-1", "role-99999999999", "%00"):
        text(tanaka, f"{LIST}?{name}={nonsense}")


def test_offers_whom_and_what_it_happened_to_lately(varied: Cast, as_: As) -> None:
    page = plain(text(as_(varied.tanaka), f"{LIST}?filter=target"))
    for name in ("Night shift", "guest@example.com", "Smith John"):
        assert name in page


def test_narrows_to_what_somebody_did_by_a_link(varied: Cast, as_: As) -> None:
    tanaka = as_(varied.tanaka)
    page = plain(text(tanaka, f"{LIST}?by={varied.smith.id}"))
    assert tuple(words in page for words in LINES) == (False, False, False, True)
    assert "Who: Smith John" in page
    text(tanaka, f"{LIST}?by=role-1")
    text(tanaka, f"{LIST}?by=9999999")


def test_leads_from_a_line_to_what_it_tells_of(varied: Cast, as_: As) -> None:
    """B-83: if it is still there, and the reader may open it."""
    tanaka, membership = as_(varied.tanaka), varied.membership(varied.smith)
    lines = {line.event: line for line in db.session.query(Activity)}
    leads = {"member_suspended": f"members/show/{membership.id}", "role_created": f"roles/show/{lines['role_created'].subject_id}",
        "invite_sent": f"invites/show/{lines['invite_sent'].subject_id}"}
    for event, path in leads.items():
        assert f'href="/o/aozora/{path}"' in text(tanaka, f"/o/aozora/activity/show/{lines[event].id}")
    varied.membership(varied.suzuki).authorities = frozenset({"activity_viewer"})
    assert f'href="/o/aozora/members/show/{membership.id}"' not in text(as_(varied.suzuki), f"/o/aozora/activity/show/{lines['member_suspended'].id}")
    db.session.delete(membership)
    page = text(tanaka, f"/o/aozora/activity/show/{lines['member_suspended'].id}")
    assert "members/show/" not in page
    assert f'href="/o/aozora/activity/list/?about={varied.smith.id}"' in page
    assert f'href="/o/aozora/activity/list/?by={varied.tanaka.id}"' in page


def test_shows_what_the_same_people_did_around_a_line(cast: Cast, as_: As, now: datetime) -> None:
    """B-83: ten minutes before and after, the same actor or the same subject."""
    line = happened(cast, events.MEMBER_SUSPENDED, now)
    role = factories.role(cast.aozora, "Night shift")
    happened(cast, events.ROLE_CREATED, now - timedelta(minutes=9), subject=role)
    happened(cast, events.MEMBER_LEFT, now + timedelta(minutes=9), by=cast.smith)
    happened(cast, events.ROLE_DELETED, now - timedelta(minutes=11), subject=role)
    happened(cast, events.SIGNED_OUT, now, by=cast.suzuki, subject=cast.suzuki)
    happened(cast, events.MEMBER_LEFT, now, by=cast.tanaka, organization=cast.minato)
    page = plain(text(as_(cast.tanaka), f"/o/aozora/activity/show/{line.id}")).split("Around it")[1]
    for words, is_there in (("created the role", True), ("suspended John Smith", True), ("left the organization", True), ("deleted the role", False),
            ("signed out", False)):
        assert (words in page) is is_there, words
    assert page.count("left the organization") == 1


def test_offers_to_take_back_only_what_can_be(cast: Cast, as_: As, now: datetime) -> None:
    line, other = happened(cast, events.MEMBER_SUSPENDED, now), happened(cast, events.SIGNED_OUT, now)
    assert f'href="/o/aozora/activity/undo/{line.id}"' in text(as_(cast.tanaka), f"/o/aozora/activity/show/{line.id}")
    assert "activity/undo" not in text(as_(cast.tanaka), f"/o/aozora/activity/show/{other.id}")
    cast.membership(cast.suzuki).authorities = frozenset({"activity_viewer"})
    assert "activity/undo" not in text(as_(cast.suzuki), f"/o/aozora/activity/show/{line.id}")


def test_hides_what_is_kept_for_taking_back_only(cast: Cast, as_: As, now: datetime) -> None:
    happened(cast, events.MEMBER_REMOVED, now)
    page = plain(text(as_(cast.tanaka)))
    assert "role_ids" not in page
    assert "[[" not in page
