"""Where letters go, against a real mail server: domains by IDNA 2008, loose dots quoted. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from app.outbox.delivery import deliver_due
from tests.servers import PostOffice

Posted = Callable[..., int]


@pytest.mark.parametrize(
    ("to", "travels"),
    [
        ("muster@straße.example", "muster@xn--strae-oqa.example"),
        ("nikos@ς.example", "nikos@xn--3xa.example"),
        ("dot@example。com", "dot@example.com"),
        ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        ("a.@ezweb.ne.jp", '"a."@ezweb.ne.jp'),
    ],
)
def test_goes_to_the_mailbox_that_is_meant(
    posted: Posted, smtp_server: PostOffice, now: datetime, to: str, travels: str
) -> None:
    """T2-10, T2-12, D-C15: the envelope and the header name the same mailbox."""
    posted(to)
    assert deliver_due(now).sent == 1
    assert [one.partition(" ")[0] for one in smtp_server.asked] == [f"TO:<{travels}>"]
    assert f"\nTo: {travels}\r\n" in smtp_server.written[0]
