"""What a browser calls itself, in words. It …"""

from __future__ import annotations

import pytest
from flask import Flask

from app.sessions.devices import device_name

AGENTS = {
    "Firefox on Windows": (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
    ),
    "Chrome on macOS": (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/128.0.0.0"
        " Safari/537.36"
    ),
    "Edge on Windows": (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/128.0.0.0 Edg/128.0"
    ),
    "Safari on iPhone": (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5"
        " Mobile/15E148 Safari/604.1"
    ),
    "Chrome on Android": (
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/128.0.0.0 Mobile"
        " Safari/537.36"
    ),
    "Samsung Internet on Android": (
        "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 SamsungBrowser/25.0 Chrome/121.0.0.0"
        " Mobile Safari/537.36"
    ),
    "Unknown browser": "curl/8.5",
    "Linux": "something on Linux",
}


@pytest.mark.parametrize(("name", "agent"), AGENTS.items())
def test_tells_browser_and_system(app: Flask, name: str, agent: str) -> None:
    assert device_name(agent) == name
