"""The activity log's sentences in the reader's language, with before and after (S3-04). It …"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

from app.activity import events
from app.activity import service as activity
from app.activity.events import CATALOGUE, Event
from app.activity.nouns import NOUNS, SENTENCES
from app.activity.words import LABELS
from app.extensions import db
from app.kernel.i18n import in_language
from tests import factories
from tests.activity_log.conftest import LIST, As, happened, plain, sample, text
from tests.cast import Cast


def subject_of(cast: Cast, event: Event) -> Any:
    if event.name.startswith("role_"):
        return factories.role(cast.aozora, f"Desk {event.name.removeprefix('role_')}")
    return cast.aozora if event.name.startswith("organization_") else cast.smith


TANAKA = {"en": "田中 太郎 (Taro Tanaka)", "ja_JP": "田中 太郎"}


def sentence_of(event: Event, language: str, actor: str, subject: str) -> str:
    with in_language(language):
        told = str(event.sentence).replace("%(actor)s", actor).replace("%(subject)s", subject)
        if (noun := NOUNS.get(event.name.rpartition("_")[0])) and actor:
            told = told.replace("%(list)s", str(noun.label))
    return (
        re.sub(r"%\((\w+)\)s", lambda found: str(sample(found[1])), told)
        if actor
        else re.sub(r"%\(\w+\)s", "", told)
    )


@pytest.mark.parametrize("language", ["en", "ja_JP"])
def test_tells_everything_that_can_happen_without_a_hole(
    cast: Cast, as_: As, now: datetime, language: str
) -> None:
    """R12, S3-04: every event of the catalogue, in both languages, names in the reader's order."""
    for event in CATALOGUE.values():
        happened(cast, event, now, subject=subject_of(cast, event))
    cast.tanaka.language = language
    reader, pages = as_(cast.tanaka), range(1, len(CATALOGUE) // 100 + 2)
    page = "".join(plain(text(reader, f"{LIST}?page_size=100&page={one}")) for one in pages)
    assert "%(" not in page
    for event in CATALOGUE.values():
        is_row = (
            event.name.rpartition("_")[2] in SENTENCES and event.name.partition("_")[0] in NOUNS
        )
        subject = {
            "role": f"Desk {event.name.removeprefix('role_')}",
            "organization": "株式会社あおぞら",
        }.get(event.name.partition("_")[0])
        told = sentence_of(
            event,
            language,
            TANAKA[language],
            subject or ("John Smith" if language == "en" and not is_row else "Smith John"),
        )
        assert told in page
        assert event.name not in page.replace(told, "")


@pytest.mark.parametrize("event", CATALOGUE.values(), ids=CATALOGUE)
def test_has_a_japanese_sentence_for_everything_that_can_happen(app: object, event: Event) -> None:
    english, japanese = (sentence_of(event, language, "", "") for language in ("en", "ja_JP"))
    assert english.replace("’", "'").isascii()
    assert not japanese.isascii(), f"{event.name} has no Japanese sentence"
    assert "%(" not in japanese


@pytest.mark.parametrize("event", [events.MEMBER_EDITED, events.ROLE_DELETED, events.SIGNED_IN])
def test_tells_the_same_on_a_lines_own_page(
    cast: Cast, as_: As, now: datetime, event: Event
) -> None:
    line = happened(cast, event, now, subject=subject_of(cast, event))
    for language in ("en", "ja_JP"):
        cast.tanaka.language = language
        page = plain(text(as_(cast.tanaka), f"/o/aozora/activity/show/{line.id}"))
        subject = (
            "Desk deleted"
            if event is events.ROLE_DELETED
            else "John Smith"
            if language == "en"
            else "Smith John"
        )
        assert sentence_of(event, language, TANAKA[language], subject) in page
        assert "%(" not in page


def test_tells_before_and_after_in_words(cast: Cast, as_: As, now: datetime) -> None:
    """S3-04: values as people call them, not as they are kept."""
    happened(cast, events.MEMBER_EDITED, now)
    page = plain(text(as_(cast.tanaka)))
    for words in (
        "Name: Old → New",
        "Type: General user → Power user",
        "Roles: Viewer → Admin and Desk",
        "Authorities given: Billing Viewer",
        "Authorities taken: User Viewer",
        "Language: English → Japanese",
        "Password rules: Mixed characters → Long",
        "First sign-in: A link by mail → A password by mail",
        "2-step verification required: Off → On",
        "Valid until: Sat 21 Nov 2026, 1:00 → Sat 28 Nov 2026, 1:00",
        "E-mail: none → new@example.com",
        "Inviter hidden: On → Off",
    ):
        assert words in page, words


def test_tells_before_and_after_in_japanese(cast: Cast, as_: As, now: datetime) -> None:
    happened(cast, events.MEMBER_EDITED, now)
    cast.tanaka.language = "ja_JP"
    cast.tanaka.time_zone = "Asia/Tokyo"
    page = plain(text(as_(cast.tanaka)))
    for words in (
        "一般ユーザー → 特権ユーザー",
        "閲覧者 → 管理者、Desk",
        "英語 → 日本語",
        "2026年11月21日（土）10:00 → 2026年11月28日（土）10:00",
    ):
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
    line = activity.record(
        events.SIGNED_OUT, now=now, by=cast.tanaka, organization=cast.aozora, subject=cast.smith
    )
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
