"""Ask this container's web server whether it answers: the image's health check.

Here: one request, with nothing but Python's own library. Exit status 0: it answers; 1: it does not.
Not here: whether it is fit to serve (/readyz, which a proxy asks).
"""

from __future__ import annotations

import os
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

PATIENCE = 3
"""Seconds."""


def is_alive() -> bool:
    """Return whether /healthz answers, asked for under the portal's own name."""
    port = int(os.environ.get("PORT", "8080"))
    name = urlsplit(os.environ.get("PORTAL_URL", "")).netloc or f"127.0.0.1:{port}"
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/healthz", headers={"Host": name})
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not is_alive())
