"""Outgoing: the one way in which the portal asks another server for something.

Here: reading an address, which networks may be reached, one request with its limits. Not here: what
is asked and what follows from the answer, which networks the operator allows (config).
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from threading import Timer
from time import monotonic
from types import MappingProxyType
from urllib.parse import quote, urlsplit

import idna

IpAddress = IPv4Address | IPv6Address
IpNetwork = IPv4Network | IPv6Network
PATIENCE = 10.0
"""Seconds that a request may take, from looking up the name to the last byte of the answer."""
LONGEST_ANSWER = 1024 * 1024
"""Bytes."""
LONGEST_ADDRESS = 500
TRANSLATED = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96")))
"""IPv6 addresses that stand for an IPv4 address in a network of the machine's own choosing."""
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Trouble(StrEnum):
    """Why a server was not reached."""

    ADDRESS = "address"
    """Not the address of a page over https."""
    NAME = "name"
    """Nobody knows its name."""
    INSIDE = "inside"
    """It lies in the operator's own network."""
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    """It hung up, refused to talk or did not speak HTTP."""
    TOO_LONG = "too_long"


class NotReached(Exception):
    """A server did not answer, or was not asked; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


@dataclass(frozen=True)
class Answer:
    """What a server said. Redirects are answers, too: they are not followed."""

    status: int
    headers: Mapping[str, str]
    """By their names in small letters."""
    body: bytes


@dataclass(frozen=True)
class Target:
    """An address, read."""

    is_encrypted: bool
    host: str
    port: int
    path: str


def read(address: str) -> Target:
    """Read the address of a page. Raises NotReached."""
    try:
        parts = urlsplit(address)
        port = parts.port
        host = _ascii(parts.hostname or "")
    except ValueError as error:  # idna's errors are ValueErrors
        raise NotReached(Trouble.ADDRESS) from error
    strange = len(address) > LONGEST_ADDRESS or parts.username is not None or port == 0
    if parts.scheme not in {"https", "http"} or not host or strange:
        raise NotReached(Trouble.ADDRESS)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=-._~")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=-._~?")
    encrypted = parts.scheme == "https"
    return Target(
        encrypted, host, port or (443 if encrypted else 80), path + (f"?{query}" if query else "")
    )


def resolve(target: Target, allowed: Sequence[IpNetwork] = ()) -> list[IpAddress]:
    """Look up a name, once; every address that it has must be one that may be reached: public, or
    in a network that the operator allows. Without encryption only this machine itself, where that
    is allowed. Raises NotReached.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReached(Trouble.NAME) from error
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for one in addresses:
        is_allowed = any(one.version == net.version and one in net for net in allowed)
        if not is_allowed and not is_public(one):
            raise NotReached(Trouble.INSIDE)
        if not target.is_encrypted and not (is_allowed and one.is_loopback):
            raise NotReached(Trouble.ADDRESS)
    return addresses


def is_public(address: IpAddress) -> bool:
    """Whether an address lies in the internet, and not in somebody's own network."""
    if isinstance(address, IPv6Address):
        if any(address in one for one in TRANSLATED):
            return False
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def ask(
    address: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] = NO_HEADERS,
    allowed: Sequence[IpNetwork] = (),
    patience: float = PATIENCE,
    longest: int = LONGEST_ANSWER,
) -> Answer:
    """Ask a server and return its answer, whatever its status. Raises NotReached."""
    until = monotonic() + patience
    target = read(address)
    addresses = resolve(target, allowed)
    with _understood(until):
        sock = _connected(target, addresses, until)
        with _hung_up_at(until, sock):
            answer = _asked(target, sock, method, body, headers, longest)
        if monotonic() >= until:
            raise TimeoutError
        return answer


def _asked(
    target: Target,
    sock: socket.socket,
    method: str,
    body: bytes | None,
    headers: Mapping[str, str],
    longest: int,
) -> Answer:
    if isinstance(sock, ssl.SSLSocket):
        sock.do_handshake()
    made = HTTPSConnection if target.is_encrypted else HTTPConnection
    connection = made(target.host, target.port)
    connection.sock = sock
    connection.request(
        method, target.path, body, {"User-Agent": "Meibo", "Connection": "close", **headers}
    )
    answer: HTTPResponse = connection.getresponse()
    said = answer.read(longest + 1)
    if len(said) > longest:
        raise NotReached(Trouble.TOO_LONG)
    if answer.length:  # cut off
        raise ConnectionError
    return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, said)


def _connected(target: Target, addresses: Sequence[IpAddress], until: float) -> socket.socket:
    """Connect to the first of these addresses that answers; nothing is encrypted yet."""
    last: OSError = ConnectionError()
    for address in addresses:
        try:
            plain = socket.create_connection((str(address), target.port), _left(until))
        except OSError as error:
            last = error
            continue
        if not target.is_encrypted:
            return plain
        return ssl.create_default_context().wrap_socket(
            plain, server_hostname=target.host, do_handshake_on_connect=False
        )
    raise last


@contextmanager
def _hung_up_at(until: float, sock: socket.socket) -> Iterator[None]:
    """Hang up when time is over: a server that says one byte at a time would keep us for hours."""

    def hang_up() -> None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = Timer(_left(until), hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        sock.close()


@contextmanager
def _understood(until: float) -> Iterator[None]:
    """Turn whatever goes wrong in a conversation into a NotReached: nothing else leaves it."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise NotReached(Trouble.CERTIFICATE) from error
    except (OSError, HTTPException, ValueError) as error:
        is_over = isinstance(error, TimeoutError) or monotonic() >= until
        raise NotReached(Trouble.TIMEOUT if is_over else Trouble.CONNECTION) from error


def _left(until: float) -> float:
    return max(until - monotonic(), 0.01)


def _ascii(host: str) -> str:
    """Write a host as name servers know it; addresses in numbers stay as they are."""
    if ":" in host or host.isascii():
        return host
    return idna.encode(host, uts46=True).decode()
