"""The web server itself, spoken to over a socket, as nobody's browser speaks. It …"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from app.serve import web_command
from config import ROOT, Settings
from tests.servers import LOOPBACK, free_port


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The web server on loopback, started as in production."""
    free, folder = free_port(), tmp_path_factory.mktemp("instance")
    environment = {
        "PATH": os.environ["PATH"],
        "INSTANCE_PATH": str(folder),
        "PORT": str(free),
        "PORTAL_URL": f"http://{LOOPBACK}:{free}",
        "WEB_WORKERS": "1",
    }
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "portal", "upgrade"],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    server = subprocess.Popen(
        web_command(Settings.from_environment(environment)),
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 30
    while time.monotonic() < until and not listens(free):
        time.sleep(0.1)
    yield free
    server.terminate()
    server.wait()


def listens(port: int) -> bool:
    try:
        return b" 200 " in say(port, b"GET /healthz HTTP/1.1", [])
    except OSError:
        return False


def say(port: int, first: bytes, headers: list[bytes], body: bytes = b"") -> bytes:
    """Send these very bytes; return everything that is answered until the server hangs up."""
    with socket.create_connection((LOOPBACK, port), timeout=5) as wire:
        host = f"Host: {LOOPBACK}:{port}".encode()
        wire.sendall(b"\r\n".join([first, host, *headers, b"Connection: close", b"", body]))
        heard = b""
        while part := wire.recv(65536):
            heard += part
    return heard


SMUGGLED = b"GET /healthz?smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        [b"Content-Length: 4", b"Transfer-Encoding: chunked"],
        [b"Transfer-Encoding: chunked", b"Content-Length: 60"],
        [b"Transfer-Encoding: xchunked"],
        [b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"],
        [b"Transfer-Encoding : chunked"],
        [b"Content-Length: 5", b"Content-Length: 6"],
        [b"Content-Length: +5"],
        [b"Content-Length: -1"],
    ],
)
def test_answers_one_request_once_whatever_its_length_is_said_to_be(
    port: int, headers: list[bytes]
) -> None:
    """ASVS 4.2.1: a second request hidden in the body of the first is never answered."""
    heard = say(port, b"POST /login/ HTTP/1.1", headers, b"0\r\n\r\n" + SMUGGLED)
    assert heard.count(b"HTTP/1.1 ") == 1
    assert b'"status":"ok"' not in heard
    assert heard.split(b" ")[1] in {b"400", b"501"}


def test_names_no_version(port: int) -> None:
    """ASVS 13.4.6."""
    for answer in (
        say(port, b"GET /healthz HTTP/1.1", []),
        say(port, b"GET /nothing HTTP/1.1", []),
        say(port, b"nonsense", []),
    ):
        head = answer.partition(b"\r\n\r\n")[0].decode().lower()
        server = [
            line for line in head.split("\r\n") if line.startswith(("server:", "x-powered-by:"))
        ]
        assert all(line == "server: gunicorn" for line in server)
        assert b"Traceback" not in answer


@pytest.mark.parametrize(
    "header",
    [
        b"X-Forwarded-For: 6.6.6.6",
        b"X-Real-IP: 6.6.6.6",
        b"X-Forwarded-Host: evil.example",
        b"X-Forwarded-Proto: https",
        b"X-Forwarded-Prefix: /evil",
        b"X-Script-Name: /evil",
        b"SCRIPT_NAME: /evil",
        b"Forwarded: for=6.6.6.6;host=evil.example",
    ],
)
def test_believes_no_forwarding_header_that_no_proxy_sets(port: int, header: bytes) -> None:
    """ASVS 4.1.3."""
    heard = say(port, b"GET /login/ HTTP/1.1", [header])
    assert heard.split(b" ")[1] == b"200"
    assert b"evil" not in heard
    assert b"Strict-Transport-Security" not in heard


@pytest.mark.parametrize(
    "page", ["README.md", "README.ja.md", "docs/operating.md", "docs/extending.md"]
)
def test_is_started_so_by_every_page_that_says_how(page: str) -> None:
    """gunicorn by itself believes SCRIPT_NAME and X-Forwarded-* of whoever connects from this
    machine.
    """
    commands = [
        line
        for line in (ROOT / page).read_text("utf-8").splitlines()
        if re.search(r'gunicorn "\w+:create_app\(\)"', line)
    ]
    assert commands
    assert [line for line in commands if '--forwarded-allow-ips ""' not in line] == []
