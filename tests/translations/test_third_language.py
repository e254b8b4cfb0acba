"""A third language is a .po file in a folder: it is offered, chosen and spoken, and no code names
it. It …
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from app.models import Account, Letter
from tests import cast as people
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.translations.conftest import Speaking


@pytest.fixture
def portal(french: Path, speaking: Speaking) -> Flask:
    return speaking()


def visitor(portal: Flask, **headers: str) -> PortalClient:
    made = portal.test_client()
    assert isinstance(made, PortalClient)
    made.environ_base.update({f"HTTP_{name.upper()}": value for name, value in headers.items()})
    return made


def text(client: PortalClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_is_named_by_no_code() -> None:
    root = Path(__file__).resolve().parents[2]
    naming = [
        path
        for path in (root / "app").rglob("*.py")
        if re.search(r"['\"]fr['\"]", path.read_text())
    ]
    assert naming == []


def test_is_offered_in_its_own_name_once_its_file_is_there(portal: Flask) -> None:
    assert list(portal.config["LANGUAGES"]) == ["en", "fr", "ja_JP"]
    page = text(visitor(portal), "/login/")
    assert "Français" in page
    assert "/lang/fr" in page


def test_is_not_offered_without_the_file(speaking: Speaking, folder: Path) -> None:
    (folder / "fr" / "LC_MESSAGES").mkdir(parents=True)
    (folder / "drafts" / "LC_MESSAGES").mkdir(parents=True)
    (folder / "drafts" / "LC_MESSAGES" / "messages.po").write_text('msgid ""\nmsgstr ""\n')
    portal = speaking()
    assert list(portal.config["LANGUAGES"]) == ["en", "ja_JP"]
    client = visitor(portal)
    assert client.submit("/lang/fr", page="/login/").status_code == 404


@pytest.mark.parametrize(
    ("asks", "spoken"),
    [
        ("fr", "fr"),
        ("fr-CA, en;q=0.5", "fr"),
        ("FR-be", "fr"),
        ("de, fr;q=0.8", "fr"),
        ("ja, fr;q=0.5", "ja"),
        ("ja-JP", "ja"),
        ("en-GB, fr;q=0.5", "en"),
        ("de", "en"),
        ("fr;q=0", "en"),
        ("*", "en"),
        ("x" * 300, "en"),
    ],
)
def test_is_spoken_to_strangers_whose_browser_asks_for_it(
    portal: Flask, asks: str, spoken: str
) -> None:
    page = text(visitor(portal, accept_language=asks), "/login/")
    assert f'<html lang="{spoken}"' in page
    assert ("Se connecter" in page) is (spoken == "fr")


def test_is_spoken_after_it_was_chosen(portal: Flask) -> None:
    client = visitor(portal)
    client.submit("/lang/fr", {"next": "/login/"}, page="/login/")
    page = text(client, "/login/")
    assert '<html lang="fr"' in page
    assert "Se connecter" in page


def test_says_in_english_what_is_not_translated_yet(portal: Flask) -> None:
    page = text(visitor(portal, accept_language="fr"), "/login/")
    assert "Forgot your password?" in page
    assert "パスワード" not in page


def test_is_spoken_to_people_whose_account_has_it(portal: Flask) -> None:
    """Menu, plurals, complaints, authorities, dates and the log."""
    with portal.app_context():
        cast = people.assemble()
        cast.tanaka.language = "fr"
        client = visitor(portal, accept_language="ja").sign_in(cast.tanaka)
        home = text(client, "/o/aozora/")
        for words in ("Membres", "1 utilisateur privilégié"):
            assert words in home
        answer = client.submit("/o/aozora/roles/add", {"name": "", "authorities": ["user_viewer"]})
        assert "À remplir." in answer.get_data(as_text=True)
        assert "Lecteur des membres" in answer.get_data(as_text=True)
        client.submit("/o/aozora/roles/add", {"name": "Nuit"})
        log = re.sub(r"<[^>]+>", "", text(client, "/o/aozora/activity/list/"))
        assert "a créé le rôle Nuit." in log
        assert f"{datetime.now(UTC).day} " in log
        assert any(
            month in log
            for month in [
                "janvier",
                "février",
                "mars",
                "avril",
                "mai",
                "juin",
                "juillet",
                "août",
                "septembre",
                "octobre",
                "novembre",
                "décembre",
            ]
        )


def test_can_be_chosen_wherever_a_language_is(portal: Flask) -> None:
    with portal.app_context():
        cast = people.assemble()
        client = visitor(portal).sign_in(cast.tanaka)
        for path in ("/o/aozora/settings/", "/o/aozora/members/add", "/o/aozora/invites/add"):
            assert '<option value="fr">Français</option>' in text(client, path), path
        client.submit("/lang/fr", page="/o/aozora/")
        db.session.expire_all()
        assert cast.tanaka.language == "fr"


def test_gets_letters_in_english_until_it_has_templates(portal: Flask) -> None:
    with portal.app_context():
        cast = people.assemble()
        [letter] = letters_to(portal, cast, cast.smith)
        assert letter.language == "fr"
        assert "password" in letter.subject.lower()
        assert letter.text.strip()


def letters_to(portal: Flask, _cast: Cast, who: Account) -> list[Letter]:
    who.language = "fr"
    db.session.commit()
    visitor(portal).submit("/password/forgot/", {"login_id": who.login_id})
    db.session.expire_all()
    return list(db.session.query(Letter).filter_by(recipient=who.email))


def test_can_be_the_portals_first(french: Path, speaking: Speaking) -> None:
    """DEFAULT_LANGUAGE, for people of whom nothing is known."""
    assert "Se connecter" in text(visitor(speaking(default_language="fr")), "/login/")


def test_leaves_the_portal_speaking_english_where_the_first_language_is_gone(
    speaking: Speaking,
) -> None:
    assert '<html lang="en"' in text(visitor(speaking(default_language="fr")), "/login/")


def test_is_seen_on_reload_while_developing(
    french: Path, speaking: Speaking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Change a .po, reload the page: no restart, no command."""
    monkeypatch.setenv("FLASK_DEBUG", "1")
    client = visitor(speaking(), accept_language="fr")
    assert "Se connecter" in text(client, "/login/")
    french.write_text(french.read_text().replace("Se connecter", "Entrer"))
    assert "Entrer" in text(client, "/login/")
    assert "Se connecter" not in text(client, "/login/")


@pytest.mark.parametrize(
    "slip", ['msgstr "Se connec', "msgstr Se connecter", 'msgstr "Connexion r\xe9ussie"', "\x00"]
)
def test_survives_a_slip_while_developing(
    french: Path, speaking: Speaking, monkeypatch: pytest.MonkeyPatch, slip: str
) -> None:
    """A missing quote, or a file saved in another encoding, is no error page; once mended, the new
    sentence is said.
    """
    monkeypatch.setenv("FLASK_DEBUG", "1")
    client = visitor(speaking(), accept_language="fr")
    whole = french.read_text()
    french.write_bytes(whole.replace('msgstr "Se connecter"', slip).encode("latin-1"))
    text(client, "/login/")
    french.write_text(whole.replace("Se connecter", "Entrer"))
    assert "Entrer" in text(client, "/login/")


def test_starts_without_a_language_whose_file_cannot_be_read(
    french: Path, speaking: Speaking
) -> None:
    french.write_bytes("msgid broken".encode("utf-16"))
    page = text(visitor(speaking(), accept_language="fr"), "/login/")
    assert "Sign in" in page


def test_is_not_looked_at_again_by_a_portal_that_serves_people(
    french: Path, speaking: Speaking
) -> None:
    client = visitor(speaking(), accept_language="fr")
    text(client, "/login/")
    french.write_text(french.read_text().replace("Se connecter", "Entrer"))
    assert "Se connecter" in text(client, "/login/")
