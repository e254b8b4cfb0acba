"""What the tests of the first start share: its link."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.setup import service as setup


@pytest.fixture
def link(app: Flask) -> Iterator[str]:
    """The path of the link that the first start prints."""
    printed = setup.new_link()
    assert printed
    yield printed.removeprefix("http://localhost")
    setup.forget_link()
