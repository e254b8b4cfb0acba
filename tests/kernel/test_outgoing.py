"""What the portal asks of other servers. It reaches public addresses only, over https, once, and
never waits or reads for longer than it says.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address, ip_network
from threading import Thread

import pytest

from app.kernel import outgoing
from app.kernel.outgoing import NotReached, Trouble
from tests.receiver import certificate

LOOPBACK = (ip_network("127.0.0.0/8"),)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@contextmanager
def server(talk: Callable[[socket.socket, bytes], None]) -> Iterator[int]:
    """A server that reads one request and says what it is told to; yield its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with listening.accept()[0] as visitor:
                try:
                    talk(visitor, visitor.recv(65536))
                except OSError:
                    return

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]


def says(answer: bytes) -> Callable[[socket.socket, bytes], None]:
    return lambda visitor, _request: visitor.sendall(answer)


def trouble(address: str, **options: object) -> Trouble:
    with pytest.raises(NotReached) as refused:
        outgoing.ask(address, **options)
    return refused.value.trouble


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.com/",
        "example.com",
        "https://",
        "https://user:secret@example.com/",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "https://例_え.jp/",
        "https://[::1/",
        "https://example.com/" + "a" * 500,
    ],
)
def test_refuses_what_is_no_address(address):
    assert trouble(address) in {Trouble.ADDRESS, Trouble.NAME}


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "127.1",
        "0.0.0.0",
        "10.0.0.8",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:0:10.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1%25eth0]",
        "[fd00::1]",
        "localhost",
    ],
)
def test_reaches_nothing_inside(host):
    assert trouble(f"https://{host}/") in {Trouble.INSIDE, Trouble.NAME, Trouble.ADDRESS}


@pytest.mark.parametrize("text", ["8.8.8.8", "2606:4700:4700::1111", "2002:808:808::"])
def test_public_addresses_are_public(text):
    assert outgoing.is_public(ip_address(text))


def test_asks_once_and_follows_nowhere():
    seen: list[bytes] = []

    def talk(visitor: socket.socket, request: bytes) -> None:
        seen.append(request)
        if not request.endswith(b"{}"):
            seen.append(visitor.recv(64))
        visitor.sendall(b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n")

    with server(talk) as port:
        answer = outgoing.ask(
            f"http://127.0.0.1:{port}/名簿?q=a b",
            method="POST",
            body=b"{}",
            headers={"webhook-id": "one"},
            allowed=LOOPBACK,
        )
    assert (answer.status, answer.headers["location"]) == (302, "/b")
    request = b"".join(seen)
    assert request.startswith(b"POST /%E5%90%8D%E7%B0%BF?q=a%20b HTTP/1.1\r\n")
    assert b"webhook-id: one\r\n" in request
    assert request.endswith(b"\r\n\r\n{}")


def test_speaks_without_encryption_with_this_machine_only_where_allowed():
    with server(says(OK)) as port:
        assert outgoing.ask(f"http://127.0.0.1:{port}/", allowed=LOOPBACK).body == b"ok"
    assert trouble("http://8.8.8.8/", allowed=[ip_network("8.0.0.0/8")]) is Trouble.ADDRESS


def test_hangs_up_on_a_server_that_says_one_byte_at_a_time():
    def drip(visitor: socket.socket, _request: bytes) -> None:
        visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _turn in range(1000):
            visitor.sendall(b".")
            time.sleep(0.05)

    began = time.monotonic()
    with server(drip) as port:
        found = trouble(f"http://127.0.0.1:{port}/", allowed=LOOPBACK, patience=0.3)
    assert found is Trouble.TIMEOUT
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789", Trouble.TOO_LONG),
        (b"HTTP/1.1 200 OK\r\n\r\n123456789", Trouble.TOO_LONG),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n1234", Trouble.CONNECTION),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Trouble.CONNECTION),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70000 + b"\r\n\r\n", Trouble.CONNECTION),
        (b"", Trouble.CONNECTION),
    ],
    ids=["too long", "too long without end", "cut off", "no HTTP", "long header", "nothing"],
)
def test_takes_no_more_than_it_asked_for(answer, expected):
    with server(says(answer)) as port:
        assert trouble(f"http://127.0.0.1:{port}/", allowed=LOOPBACK, longest=8) is expected


def test_tells_a_closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert trouble(f"http://127.0.0.1:{port}/", allowed=LOOPBACK) is Trouble.CONNECTION


def test_believes_no_certificate_that_nobody_vouches_for(tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with listening.accept()[0] as visitor:
                try:
                    context.wrap_socket(visitor, server_side=True).close()
                except OSError:
                    return

        Thread(target=serve, daemon=True).start()
        port = listening.getsockname()[1]
        assert trouble(f"https://localhost:{port}/", allowed=LOOPBACK) is Trouble.CERTIFICATE
