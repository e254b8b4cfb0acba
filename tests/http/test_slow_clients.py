"""Clients that are slow, or mean to be: the web server goes on answering everybody else. It …"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from app.http import buffered_worker
from tests.http.test_wire import port, say
from tests.servers import LOOPBACK

__all__ = ["port"]
CLIENTS = 24
Wires = Callable[[bytes], list[socket.socket]]


@pytest.fixture
def wires(port: int) -> Iterator[Wires]:
    """`wires(words)`: so many connections that have said this much, and say no more."""
    with ExitStack() as open_ones:

        def said(words: bytes) -> list[socket.socket]:
            made = []
            for _client in range(CLIENTS):
                wire = open_ones.enter_context(socket.create_connection((LOOPBACK, port)))
                wire.sendall(words.replace(b"{port}", str(port).encode()))
                made.append(wire)
            time.sleep(0.3)
            return made

        yield said


def answers(port: int) -> float:
    began = time.monotonic()
    assert b" 200 " in say(port, b"GET /healthz HTTP/1.1", [])
    return time.monotonic() - began


HOST = b"Host: 127.0.0.1:{port}\r\n"


@pytest.mark.parametrize(
    "words",
    [
        b"POST /login/ HTTP/1.1\r\n" + HOST + b"Content-Length: 100000\r\n\r\nlogin_id=t",
        b"POST /login/ HTTP/1.1\r\n" + HOST + b"Content-Length: 9000000\r\n\r\nlogin_id=t",
        b"POST /login/ HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nlog",
        b"GET /healthz HTTP/1.1\r\n" + HOST + b"X-Slow: ",
        b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /static/css/bootstrap.min.css HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
        b"nonsense",
        b"",
    ],
    ids=[
        "body",
        "too much",
        "chunks",
        "head",
        "kept alive",
        "unread answer",
        "nonsense",
        "silence",
    ],
)
def test_goes_on_answering(port: int, wires: Wires, words: bytes) -> None:
    """T2-94: 24 slow bodies took all 16 threads, and /healthz was silent for 25 s."""
    wires(words)
    for _time in range(3):
        assert answers(port) < 2


def test_hangs_up_on_a_head_that_does_not_end(port: int) -> None:
    """T2-94."""
    with socket.create_connection((LOOPBACK, port), timeout=30) as wire:
        wire.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
        began = time.monotonic()
        assert wire.recv(100) == b""
    assert time.monotonic() - began < buffered_worker.HEAD_PATIENCE + 3


def test_reads_what_comes_in_pieces(port: int) -> None:
    """A slow client is answered as a quick one is: bodies by length, by chunks, and asked for."""
    for framing, body in (
        (b"Content-Length: 9", [b"login", b"_id=", b""]),
        (b"Transfer-Encoding: chunked", [b"5\r\nlog", b"in\r\n4\r\n_id=\r\n", b"0\r\n", b"\r\n"]),
        (b"Content-Length: 9\r\nExpect: 100-continue", [b"", b"login_id="]),
    ):
        with socket.create_connection((LOOPBACK, port), timeout=10) as wire:
            head = b"POST /login/ HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n%s\r\n\r\n"
            form = b"Content-Type: application/x-www-form-urlencoded\r\n" + framing
            sent = head % (LOOPBACK.encode(), port, form)
            for part in (sent[:30], sent[30:], *body):
                wire.sendall(part)
                time.sleep(0.05)
            heard = b""
            while part := wire.recv(65536):
                heard += part
        assert heard.startswith(b"HTTP/1.1 100 " if b"Expect" in framing else b"HTTP/1.1 400 ")
        assert b"HTTP/1.1 400 BAD REQUEST" in heard, "there is no CSRF token: the body was read"


def test_answers_requests_one_after_the_other_on_one_connection(port: int) -> None:
    """Two at once, too: what was read ahead of the second is not lost."""
    with socket.create_connection((LOOPBACK, port), timeout=10) as wire:
        ask = b"GET /healthz HTTP/1.1\r\nHost: %s:%d\r\n\r\n" % (LOOPBACK.encode(), port)
        wire.sendall(ask + ask)
        heard = b""
        while heard.count(b'"status":"ok"') < 2 and (part := wire.recv(65536)):
            heard += part
        wire.sendall(ask)
        assert wire.recv(65536).startswith(b"HTTP/1.1 200 ")
