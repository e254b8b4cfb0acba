"""What a process tells its operators. A line of it …"""

from __future__ import annotations

import logging
import re
import sys

import pytest
from flask import Flask

from app.http_server.logs import DAY, FORM, OneLine, StandardError, install


def written(message: str, *args: object, error: bool = False) -> str:
    info = None
    if error:
        try:
            raise ValueError("first\nsecond")
        except ValueError:
            info = sys.exc_info()
    return OneLine(FORM, DAY).format(
        logging.LogRecord("app.http.errors", logging.ERROR, "", 1, message, args, info)
    )


def test_says_when_in_utc_how_bad_who_in_which_request_and_what(app: Flask) -> None:
    """ASVS 16.2.1, 16.2.2, 16.2.4."""
    with app.test_request_context("/"):
        line = written("request failed at %s", "/x")
    assert re.fullmatch(
        r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ERROR app\.http\.errors [0-9a-f]{10} request"
        r" failed at /x",
        line,
    )
    assert " - none" in written("none")


@pytest.mark.parametrize(
    "evil", ["a\nb", "a\r\nb", "a\x1b[31mb", "a\x00b", "a\u2028b", "a\u202eb", "a\x85b"]
)
def test_is_never_begun_by_the_words_of_another(app: Flask, evil: str) -> None:
    """ASVS 16.4.1: what a stranger typed cannot look like an entry, nor colour a terminal."""
    line = written("at %s", evil)
    assert len(line.splitlines()) == 1
    assert line.isprintable()


def test_has_the_traceback_set_in_below_it(app: Flask) -> None:
    """ASVS 16.4.1, 16.3.4."""
    first, *rest = written("failed", error=True).split("\n")
    assert first.endswith("failed")
    assert rest
    assert all(line.startswith("  ") for line in rest)


def test_is_written_in_one_form_however_many_applications_there_are(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    """ASVS 16.2.3: standard error, and nowhere else."""
    install()
    assert sum(isinstance(one, StandardError) for one in logging.getLogger().handlers) == 1
    logging.getLogger("app.test").warning("once")
    assert capsys.readouterr().err.count("once") == 1
