"""Meibo, the roster portal: create_app() is the reading order of the product.

Here: the steps that make an application, named. Not here: what the steps do.
"""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import click
from flask import Flask

from app.kernel import memory
from config import Settings

if TYPE_CHECKING:
    from app.registration import Screen


@memory.uncollected()
def create_app(
    settings: Settings | None = None, *, more: tuple[Screen, ...] = (), check_database: bool = True
) -> Flask:
    """Make the portal from its settings, the environment's by default; end with a sentence if the
    database is not upgraded.

    `more` are an integrator's own screens (docs/extending.md).
    """
    from app.http.application import Portal

    app = Portal(__name__, static_folder="static", template_folder="templates")
    _configure(app, settings or Settings.from_environment())
    with app.app_context():
        _bind_extensions(app)
        _speak_languages(app)
        _open_doors(app, more)
        _connect_hooks()
        _keep_the_gate(app)
        _serve_securely(app)
        _line_up_jobs(app)
        _teach_commands(app)
        if check_database and click.get_current_context(silent=True) is None:
            from app.database import ensure_upgraded

            ensure_upgraded()
            _spare_the_collector()
    return app


def _configure(app: Flask, settings: Settings) -> None:
    from app import database
    from app.http_server import logs
    from app.log_integrity import hash_chain, stream
    from app.oversight import listening as oversight
    from app.webhooks import waking

    os.umask(0o077)  # whatever is written from here on is its owner's alone
    memory.give_back_early()
    logs.install()
    app.config.update(settings.flask())
    app.instance_path = str(settings.instance_path)
    database.listen()
    oversight.listen()  # before the log is held: others wait for it, and letters take time
    hash_chain.listen()
    waking.listen()
    stream.open_to(app.config["SETTINGS"].activity_stream)


def _bind_extensions(app: Flask) -> None:
    from flask_appbuilder import Model

    from app.database import MIGRATIONS
    from app.extensions import csrf, db, mail, migrate
    from app.http import rate_limit_storage

    rate_limit_storage.register()
    db.init_app(app)
    csrf.init_app(app)
    mail.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS), metadatas=Model.metadata)


def _speak_languages(app: Flask) -> None:
    from app.i18n import languages

    languages.load(app)


def _open_doors(app: Flask, more: tuple[Screen, ...]) -> None:
    from app.extensions import db
    from app.home.chooser import ChooserView
    from app.http_server.health import health
    from app.http_server.well_known import well_known
    from app.i18n.languages import select_with
    from app.menu import draw
    from app.screens.frame.builder import PortalBuilder
    from app.sign_in.manager import PortalSecurityManager

    app.register_blueprint(health)
    app.register_blueprint(well_known)
    builder = PortalBuilder(
        app,
        db.session,
        indexview=ChooserView,
        security_manager_class=PortalSecurityManager,
        update_perms=False,
    )
    select_with(app)
    draw(builder, more=more)


def _connect_hooks() -> None:
    """Connect what follows in a feature when something ends in another (kernel.signals): this is
    the order in which it follows.
    """
    from app.api_keys import hooks as api_keys
    from app.batches import forgetting as batches
    from app.bindings import hooks as bindings
    from app.imports import hooks as imports
    from app.invites import hooks as invites
    from app.memberships import hooks as members
    from app.model_views.writing import leaving as added
    from app.organizations import hooks as organizations
    from app.sessions import hooks as sessions
    from app.two_factor import hooks as two_factor

    own = (
        invites,
        bindings,
        api_keys,
        members,
        organizations,
        sessions,
        two_factor,
        imports,
        batches,
    )
    for feature in (*own, added):
        feature.connect()


def _keep_the_gate(app: Flask) -> None:
    from app import menu
    from app.api_keys import authenticating
    from app.http import before_request, db_errors, errors, rate_limit, same_origin
    from app.http_server import request_id
    from app.rest import gate as machines
    from app.screens.frame import theme
    from app.sessions import service as sessions
    from app.sign_in import reauthentication_views, stale_forms

    request_id.install(app)
    db_errors.install(app)
    rate_limit.install(app)
    same_origin.install(app)
    machines.install(app, public=menu.PUBLIC, authenticate=authenticating.authenticate)
    before_request.install(
        app,
        public=menu.PUBLIC,
        reachable=menu.REACHABLE,
        touch=sessions.touch,
    )
    errors.install(app)
    stale_forms.install(app)
    reauthentication_views.install(app)
    theme.install(app)


def _serve_securely(app: Flask) -> None:
    from app.http import signing, strict_json
    from app.http_server import headers, violations

    strict_json.install(app)
    violations.install(app)
    headers.install(app)
    signing.install()


def _line_up_jobs(app: Flask) -> None:
    from app.jobs import running
    from app.schedule import SCHEDULE

    running.install(app, SCHEDULE)


def _teach_commands(app: Flask) -> None:
    from app import commands

    commands.register(app)


def _spare_the_collector() -> None:
    """Keep the garbage collector from looking through what the start made: it lives as long as the
    process, and a page makes no cycles to speak of.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 5, 5)
