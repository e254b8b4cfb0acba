"""Reports of what the content security policy stopped. It …"""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from app.http_server.violations import LONGEST, PATH
from tests.conftest import PortalClient

OLD = {
    "csp-report": {
        "document-uri": "http://localhost/invites/a-secret",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?stolen=1",
    }
}
NEW = [
    {
        "type": "csp-violation",
        "body": {
            "documentURL": "http://localhost/password/set/a-secret",
            "effectiveDirective": "style-src",
            "blockedURL": "inline",
        },
    }
]


def send(client: PortalClient, what: Any, kind: str = "application/csp-report") -> int:
    return client.post(
        PATH, data=what if isinstance(what, bytes) else json.dumps(what), content_type=kind
    ).status_code


def test_is_where_every_page_sends_them(client: PortalClient) -> None:
    """ASVS 3.4.7: the policy names where to report to, in the old way and in the new one."""
    headers = client.get("/login/").headers
    assert f"report-uri {PATH}" in headers["Content-Security-Policy"]
    assert "report-to violations" in headers["Content-Security-Policy"]
    assert headers["Reporting-Endpoints"] == f'violations="{PATH}"'


@pytest.mark.parametrize(
    ("report", "kind", "told"),
    [
        (OLD, "application/csp-report", "script-src-elem stopped https://evil.example"),
        (NEW, "application/reports+json", "style-src stopped inline"),
    ],
)
def test_tells_operators_what_was_stopped_and_no_address_that_may_be_secret(
    client: PortalClient, caplog: pytest.LogCaptureFixture, report: Any, kind: str, told: str
) -> None:
    """ASVS 3.4.7, 16.2.5."""
    assert send(client, report, kind) == 204
    assert told in caplog.text
    assert "secret" not in caplog.text
    assert "stolen" not in caplog.text


@pytest.mark.parametrize(
    "nonsense",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"[1]",
        b'"x"',
        b'{"csp-report": 7}',
        b'[{"body": null}]',
        b"\xff",
        b'{"blocked-uri": "http://[x"}',
        b'{"effective-directive": {"a": 1}, "blocked-uri": ["x"]}',
        b"[" * 5000,
    ],
)
def test_survives_nonsense(client: PortalClient, nonsense: bytes) -> None:
    """ASVS 15.3.5."""
    assert send(client, nonsense) == 204


def test_reads_no_long_report_and_not_too_many(
    app: Flask, client: PortalClient, caplog: pytest.LogCaptureFixture
) -> None:
    """ASVS 2.4.1: nobody fills the operators' log."""
    assert send(client, {"csp-report": {"effective-directive": "x" * LONGEST}}) == 204
    assert "stopped" not in caplog.text
    assert [send(client, OLD) for _ in range(60)][-2:] == [204, 429]
