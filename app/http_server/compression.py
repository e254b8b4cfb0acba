"""Compression: answers get shorter on the way, where nobody can learn from their length.

Here: pages and JSON as they are sent, files once. Not here: what a proxy in front does
(docs/operating.md).

An attacker who makes a reader's browser ask for pages, and sees how long the answers are, could
guess what stands in them (BREACH). So what another site brings a browser to ask for is sent as it
is, and every other length is blurred.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask, request
from werkzeug.wrappers import Response
from whitenoise import WhiteNoise
from whitenoise.responders import StaticFile

GZIP = "gzip"
KINDS = frozenset(
    {
        "text/html",
        "text/css",
        "text/csv",
        "text/plain",
        "text/javascript",
        "application/javascript",
        "application/json",
        "application/problem+json",
        "image/svg+xml",
    }
)
SHORTEST = 1024
"""Bytes below which an answer fits into one packet anyway."""
LEVEL, LEVEL_OF_FILES = 4, 9
BLUR = 100
"""Bytes of which up to so many are added at random to a page."""
OWN = frozenset({"same-origin", "none"})


def install(app: Flask) -> None:
    """Compress pages for whoever understands it."""
    app.after_request(_compress)


class CompressedFiles(WhiteNoise):
    """WhiteNoise, with the compressed form of each file made at the first start and kept in a
    folder of the instance.
    """

    def __init__(self, application: Any, *, folder: Path, **options: Any) -> None:
        self._folder = folder
        super().__init__(application, **options)

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> StaticFile:
        """Find a file in both forms."""
        found = super().get_static_file(path, url, stat_cache)
        if self.media_types.get_type(path).partition(";")[0] not in KINDS:
            return found
        if (made := compressed_file(Path(path), self._folder)) is None:
            return found
        return StaticFile(path, _headers_of(found), encodings={GZIP: str(made)})


def compressed_file(path: Path, folder: Path) -> Path | None:
    """Return the compressed form of a file, made where it is not there; None where that saves
    nothing or the folder cannot be written.
    """
    content = path.read_bytes()
    made = folder / f"{hashlib.sha256(content).hexdigest()[:32]}.gz"
    if len(content) < SHORTEST:
        return None
    if not made.exists():
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, draft = tempfile.mkstemp(dir=folder)
            with os.fdopen(descriptor, "wb") as file:
                file.write(compressed(content, level=LEVEL_OF_FILES))
            os.replace(draft, made)
    return made if made.exists() else None


def compressed(content: bytes, *, level: int, blur: int = 0) -> bytes:
    """Return content as gzip; `blur` bytes, at random, stand where a file's name would."""
    squeezer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    name = b"x" * secrets.randbelow(blur) + b"\0" if blur else b""
    head = struct.pack("<BBBBIBB", 0x1F, 0x8B, 8, 8 if blur else 0, 0, 0, 255)
    tail = struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)
    return head + name + squeezer.compress(content) + squeezer.flush() + tail


def _headers_of(found: StaticFile) -> list[tuple[str, str]]:
    """What WhiteNoise was told to say of a file; it reckons lengths and hashes anew."""
    reckoned = {"content-length", "last-modified", "etag", "vary", "content-encoding"}
    _wanted, _path, headers = found.alternatives[-1]
    return [(name, value) for name, value in headers if name.lower() not in reckoned]


def _compress(response: Response) -> Response:
    if response.mimetype not in KINDS or response.is_streamed or response.direct_passthrough:
        return response
    if "Content-Encoding" in response.headers or "ETag" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    content = response.get_data()
    if request.accept_encodings[GZIP] > 0 and len(content) >= SHORTEST and _is_asked_for_here():
        response.set_data(compressed(content, level=LEVEL, blur=BLUR))
        response.headers["Content-Encoding"] = GZIP
    return response


def _is_asked_for_here() -> bool:
    """Whether no other site brought the browser to ask."""
    return request.headers.get("Sec-Fetch-Site", "none") in OWN
