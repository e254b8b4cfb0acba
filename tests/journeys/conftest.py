"""A town for every story: each language, on SQLite and on PostgreSQL, with a real mail server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from tests.journeys.town import Town
from tests.servers import LOOPBACK, PostOffice


@pytest.fixture(params=["ja", "en"])
def town(
    request: pytest.FixtureRequest, each_app: Flask, smtp_server: PostOffice
) -> Iterator[Town]:
    """An empty portal whose letters go to `smtp_server`."""
    settings, post = each_app.config["SETTINGS"], each_app.extensions["mail"]
    before = (settings, post.server, post.port)
    each_app.config["SETTINGS"] = replace(
        settings, mail_server=LOOPBACK, mail_sender="Meibo <portal@meibo.example>"
    )
    each_app.config["MAIL_PATIENCE"] = 1.0
    post.server, post.port = LOOPBACK, smtp_server.port
    yield Town(each_app, smtp_server, request.param)
    each_app.config["SETTINGS"], post.server, post.port = before
    each_app.config.pop("MAIL_PATIENCE")
