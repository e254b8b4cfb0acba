"""A translations folder of the test's own, and a portal that speaks from it.

Here: folders. Not here: sentences.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from app.setup.service import is_set_up
from config import ROOT
from tests import factories
from tests.conftest import build_app, settings_for

Speaking = Callable[..., Flask]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The portal's own translations, copied."""
    copied = tmp_path / "translations"
    shutil.copytree(ROOT / "translations", copied)
    return copied


@pytest.fixture
def speaking(folder: Path, tmp_path: Path) -> Speaking:
    """`speaking()`: the portal, with the languages that the folder has by then; asked again, it is
    the same portal, started anew."""

    def made(**settings: object) -> Flask:
        app = build_app(settings_for(tmp_path / "instance", translations_path=folder, **settings))
        with app.app_context():
            if not is_set_up():
                factories.platform_administrator(factories.account("keeper"))
            db.session.commit()
            db.session.remove()
        return app

    (tmp_path / "instance").mkdir()
    return made


@pytest.fixture
def french(folder: Path) -> Path:
    """A third language with a few sentences, as a translator begins one; docs/translating.md says
    how.
    """
    po = folder / "fr" / "LC_MESSAGES" / "messages.po"
    po.parent.mkdir(parents=True)
    po.write_text(FRENCH)
    return po


FRENCH = """msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Sign in"
msgstr "Se connecter"

msgid "Members"
msgstr "Membres"

msgid "Fill this in."
msgstr "À remplir."

msgid "User Viewer"
msgstr "Lecteur des membres"

msgid "%(actor)s created the role %(subject)s."
msgstr "%(actor)s a créé le rôle %(subject)s."

msgid "%(num)s member has joined"
msgid_plural "%(num)s members have joined"
msgstr[0] "%(num)s membre"
msgstr[1] "%(num)s membres"

msgid "%(num)s power user"
msgid_plural "%(num)s power users"
msgstr[0] "%(num)s utilisateur privilégié"
msgstr[1] "%(num)s utilisateurs privilégiés"
"""
