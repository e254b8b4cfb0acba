"""A portal as a new user starts it, and a Chromium to look at it with.

Here: starting `python -m app.serve` on a free port, finding a browser, opening pages. Not here:
what is looked at.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AOZORA = "(select id from organization where code = 'aozora')"
IDS = {
    "organization": "select id from organization where code = 'minato'",
    "account": "select id from ab_user where username = 'sato'",
    "own": (
        "select m.id from membership m join ab_user a on a.id = m.account_id where a.username ="
        f" 'tanaka' and m.organization_id = {AOZORA}"
    ),
    "member": (
        "select m.id from membership m join ab_user a on a.id = m.account_id where a.username ="
        f" 'sato' and m.organization_id = {AOZORA}"
    ),
    "invite": (
        f"select id from invite where status = 'pending' and organization_id = {AOZORA} order by"
        " expires_at desc"
    ),
    "role": f"select id from member_role where organization_id = {AOZORA}",
    "line": (
        f"select id from activity where event = 'member_edited' and organization_id = {AOZORA}"
        " order by id desc"
    ),
}
SETUP = re.compile(r"https?://\S+/setup/\S+")


def find_chromium() -> str | None:
    """Return the path of a Chromium, None where there is none."""
    return next((path for path in map(shutil.which, CHROMIUMS) if path), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Portal:
    """A running portal with everything embedded."""

    folder: Path
    port: int = field(default_factory=free_port)
    host: str = "127.0.0.1"
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "INSTANCE_PATH": str(self.folder),
            "PORT": str(self.port),
            "PORTAL_URL": self.url,
            "PYTHONUNBUFFERED": "1",
        }

    @property
    def log(self) -> Path:
        return self.folder / "portal.log"

    def flask(self, *words: str) -> str:
        """Run a `flask` command on this portal; return what it prints."""
        command = [str(Path(sys.executable).with_name("flask")), *words]
        answer = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    def start(self) -> Portal:
        """Start it and wait until it is ready."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.serve"],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        return self.wait()

    def wait(self) -> Portal:
        """Wait until it answers."""
        assert self.process is not None
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return self
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        raise AssertionError(f"the portal did not start:\n{self.log.read_text()}")

    def setup_link(self) -> str:
        """Return the link that the first start prints."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            found = SETUP.search(self.log.read_text())
            if found:
                return found[0]
            time.sleep(0.2)
        raise AssertionError(f"no setup link was printed:\n{self.log.read_text()}")

    def ids(self) -> dict[str, int]:
        """Return the ids of one thing of each kind in the demo's aozora."""
        with sqlite3.connect(self.folder / "meibo.sqlite") as database:
            return {name: database.execute(query).fetchone()[0] for name, query in IDS.items()}

    def stop(self) -> None:
        """Stop it as Ctrl-C does, by its own process id."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise AssertionError("the portal did not stop on SIGINT") from None


def sign_out(page: Page) -> None:
    """Sign out through the account menu."""
    page.locator("header details:has([formaction*='/logout/']) summary").last.click()
    page.locator("button[formaction*='/logout/']").first.click()


def sign_in(
    page: Page, portal: Portal, who: str, language: str = "en", password: str = "Meibo-demo-2026"
) -> None:
    """Sign in through the form, reading in a language."""
    page.goto(f"{portal.url}/login/")
    page.fill("[name=login_id]", who)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/login/" not in url)
    speak(page, language)


def speak(page: Page, language: str) -> None:
    """Choose the language through the top bar's forms."""
    if page.locator("html").get_attribute("lang") != language:
        locale = {"ja": "ja_JP"}.get(language, language)
        with page.expect_navigation():
            page.locator(f"button[formaction$='/lang/{locale}']").first.evaluate(
                "button => button.form.requestSubmit(button)"
            )
