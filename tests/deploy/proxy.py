"""A real nginx with the file of deploy/, in front of two web servers; and what a browser behind it
does.

Here: starting it and asking through it. Not here: what is expected (test_two_hosts.py).
"""

from __future__ import annotations

import ssl
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from threading import Event, Thread

from config import ROOT
from tests.deploy.test_processes import HOST, Visitor
from tests.servers import LOOPBACK, free_port

AROUND = """daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{file} }}
"""


@contextmanager
def nginx(folder: Path, ports: list[int]) -> Iterator[int]:
    """Run nginx with deploy/nginx.conf: both web servers in its upstream, ports of its own."""
    plain, secure = free_port(), free_port()
    certificate, key = folder / "here.pem", folder / "here.key"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={HOST}"]
    made += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    servers = "".join(f"server {LOOPBACK}:{port};" for port in ports)
    file = (ROOT / "deploy" / "nginx.conf").read_text()
    for written, here in {
        "server 127.0.0.1:8080;": servers,
        "members.example.com;": f"{HOST};",
        "/etc/ssl/members.example.com.pem": str(certificate),
        "/etc/ssl/members.example.com.key": str(key),
        "listen 80;": f"listen {LOOPBACK}:{plain};",
        "listen 443 ssl;": f"listen {LOOPBACK}:{secure} ssl;",
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl;\n": "",
    }.items():
        assert written in file, f"deploy/nginx.conf has no {written!r} any more"
        file = file.replace(written, here)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, file=file))
    process = subprocess.Popen(["/usr/sbin/nginx", "-c", str(folder / "nginx.conf"), "-p", folder])
    try:
        yield secure
    finally:
        process.terminate()
        process.wait(timeout=30)


class Browser(Visitor):
    """A browser that speaks TLS to the proxy."""

    def connect(self) -> HTTPSConnection:
        known = ssl._create_unverified_context()
        return HTTPSConnection(LOOPBACK, self.ports[0], timeout=30, context=known)


@dataclass
class Load:
    """Somebody who opens a page again and again, and what came back."""

    browser: Browser
    path: str
    answers: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    @contextmanager
    def going_on(self, clients: int = 2) -> Iterator[None]:
        over = Event()
        threads = [Thread(target=self._ask, args=(over,)) for _client in range(clients)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()

    def _ask(self, over: Event) -> None:
        browser = Browser(self.browser.ports, dict(self.browser.cookies))
        while not over.is_set():
            began = time.monotonic()
            try:
                status = browser.ask(self.path)[0].status
            except (OSError, HTTPException):
                status = 0
            self.answers[status] += 1
            self.seconds.append(time.monotonic() - began)
