"""`python -m bench.hostile`: how much a web process grows under requests that somebody makes up.

Here: the requests, and the memory of the process before and after. Not here: the servers
(bench.servers). No request repeats another: whatever a process keeps by what strangers write shows.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlencode

from app.demo.service import DEFAULT_MEMBERS
from bench.data import prepare
from bench.servers import HOST, PORTAL, Server, running
from bench.visitor import TOKEN, Visitor

REQUESTS, CLIENTS, WARM = 12_000, 8, 100
MOST_GROWTH = 1.05
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
Request = tuple[str, str, bytes, dict[str, str]]


def requests(count: int, *, signed_in: str, seed: int = 99) -> Iterator[Request]:
    """Make up requests, some by strangers, some with the cookie of a member."""
    chance = Random(seed)
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        method, path, body, headers = kind(chance)
        far = f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}"
        cookie = {"Cookie": signed_in} if kind in SIGNED_IN else {}
        yield method, path, body, {"X-Forwarded-For": far, **cookie, **headers}


def _word(chance: Random, length: int = 12) -> str:
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789あいう名簿", k=length))


def _wrong_password(chance: Random) -> Request:
    form = {"login_id": _word(chance), "password": _word(chance, 40)}
    return "POST", "/login/", urlencode(form).encode(), FORM | {"X-Hostile": "sign-in"}


def _unknown_page(chance: Random) -> Request:
    return "GET", f"/{quote(_word(chance))}/{quote(_word(chance, 60))}", b"", {}


def _asked_next(chance: Random) -> Request:
    path = f"/login/?next=/o/{quote(_word(chance))}/members/list/%3Fq={quote(_word(chance, 200))}"
    return (
        "GET",
        path,
        b"",
        {
            "Accept-Language": f"{_word(chance, 2)}-{_word(chance, 2)}, ja".encode().decode(
                "latin-1"
            )
        },
    )


def _search(chance: Random) -> Request:
    query = {"q": _word(chance, 30), "sort": _word(chance), "page": chance.randrange(10**6)}
    return "GET", f"/o/aozora/members/list/?{urlencode(query)}", b"", {}


def _filters(chance: Random) -> Request:
    asked = [(_word(chance), _word(chance)) for _turn in range(20)]
    asked += [("role", chance.randrange(10**9)), ("status", _word(chance)), ("q", _word(chance, 5))]
    path = chance.choice(("members/list/", "invites/list/", "activity/list/", "roles/list/"))
    return "GET", f"/o/aozora/{path}?{urlencode(asked)}", b"", {}


def _page_of(chance: Random) -> Request:
    path = chance.choice(("members/show", "invites/show", "roles/show", "activity/show"))
    words = urlencode({_word(chance): _word(chance, 400)})
    return "GET", f"/o/aozora/{path}/{chance.randrange(400)}?{words}", b"", {}


def _big_form(chance: Random) -> Request:
    form = {_word(chance, 8): _word(chance, 1000) * 900, "csrf_token": _word(chance)}
    return "POST", "/password/forgot/", urlencode(form).encode(), FORM


def _machine(chance: Random) -> Request:
    body = f'{{"{_word(chance)}": {"[" * 40}{"]" * 40}}}'.encode()
    key = {"Authorization": f"Bearer mb_{chance.getrandbits(128):x}"}
    return "POST", f"/api/v1/organizations/{quote(_word(chance))}/members", body, JSON | key


def _invitation(chance: Random) -> Request:
    return "GET", f"/invites/{chance.getrandbits(256):x}", b"", {}


def _file(chance: Random) -> Request:
    return "GET", f"/static/{quote(_word(chance))}.css?v={chance.getrandbits(30):x}", b"", {}


SIGNED_IN = {_search, _filters, _page_of}
KINDS = (
    _wrong_password,
    _search,
    _unknown_page,
    _filters,
    _asked_next,
    _page_of,
    _big_form,
    _machine,
    _invitation,
    _file,
)


def resident(pid: int) -> int:
    """Return how much memory a process holds, in KiB; where /proc does not say, 0."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmRSS:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(found[1]) if found else 0


def attack(port: int, asked: Iterator[Request], *, clients: int = CLIENTS) -> None:
    """Send requests over a few connections, and do not care for the answers."""
    with ThreadPoolExecutor(clients) as pool:
        for _done in pool.map(lambda one: _send(port, one), asked):
            pass


def _send(port: int, asked: Request) -> int:
    method, path, body, headers = asked
    connection = HTTPConnection(HOST, port, timeout=60)
    try:
        if headers.pop("X-Hostile", ""):
            body, headers = _with_token(connection, body, headers)
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


def _with_token(
    connection: HTTPConnection, body: bytes, headers: dict[str, str]
) -> tuple[bytes, dict[str, str]]:
    connection.request("GET", "/login/")
    answer = connection.getresponse()
    found = TOKEN.search(answer.read().decode())
    cookies = [one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie", [])]
    token = urlencode({"csrf_token": found[1] if found else ""}).encode()
    return body + b"&" + token, headers | {"Cookie": "; ".join(cookies)}


def measure(server: Server, *, count: int, steps: int, minutes: float = 0) -> list[int]:
    """Return the memory of the web process, fresh but warm, and after each part of the attack: so
    many parts, or as many as fit into so many minutes.
    """
    pid = _worker(server.process.pid)
    visitor = Visitor(server).sign_in()
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in visitor.cookies.items())
    attack(server.port, requests(WARM, signed_in=cookie, seed=1), clients=2)
    sizes, until = [resident(pid)], time.monotonic() + 60 * minutes
    while len(sizes) <= steps or time.monotonic() < until:
        attack(server.port, requests(count // steps, signed_in=cookie, seed=len(sizes) + 1))
        sizes.append(resident(pid))
    return sizes


def is_bounded(sizes: Sequence[int]) -> bool:
    """Whether the second half of the attack added hardly anything to what the first had."""
    return sizes[-1] <= MOST_GROWTH * sizes[len(sizes) // 2]


def _worker(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def main(arguments: Sequence[str] | None = None) -> int:
    """Attack, say how much one web process grew, and whether that has an end; 1 if it has none."""
    parser = argparse.ArgumentParser(prog="python -m bench.hostile", description=main.__doc__)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--minutes", type=float, default=0, help="go on for so long")
    asked = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        data = prepare(Path(folder), DEFAULT_MEMBERS)
        with running(PORTAL, data, workers=1, TRUSTED_PROXIES="1") as server:
            sizes = measure(server, count=asked.requests, steps=asked.steps, minutes=asked.minutes)
    fresh = sizes[0] or 1
    for step, size in enumerate(sizes):
        number = asked.requests * step // asked.steps
        sys.stdout.write(f"{number:>7} requests {size / 1024:7.1f} MiB {size / fresh:.2f} x\n")
    said = "bounded" if is_bounded(sizes) else "it goes on growing"
    later = sizes[-1] / sizes[len(sizes) // 2]
    sys.stdout.write(f"second half: {later:.2f} x, goal <= {MOST_GROWTH} x: {said}\n")
    return 0 if is_bounded(sizes) else 1


if __name__ == "__main__":
    sys.exit(main())
