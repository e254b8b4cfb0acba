"""What is signed: cookies, forms' tokens, queue messages. It …"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from itsdangerous import Signer, TimestampSigner, URLSafeTimedSerializer

from app.http.signing import PortalSerializer
from app.jobs import queue
from app.models import Account
from app.sign_in import cookies
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, settings_for

As = Callable[[Account], PortalClient]
INSIDE = "/o/aozora/"


def session_signer(
    app: Flask, *, digest: str = "sha256", salt: str = "cookie-session", key: str | None = None
) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        key or str(app.secret_key),
        salt=salt,
        serializer=TaggedJSONSerializer(),
        signer_kwargs={"key_derivation": "hmac", "digest_method": getattr(hashlib, digest)},
    )


def opens(app: Flask, value: str) -> bool:
    """Whether a browser with this cookie is somebody."""
    browser = app.test_client()
    browser.set_cookie("meibo", value)
    return browser.get(INSIDE).status_code == 200


def inside(browser: PortalClient) -> dict[str, object]:
    with browser.session_transaction() as cookie:
        return dict(cookie)


def test_is_signed_with_sha_256_and_with_nothing_older(app: Flask, cast: Cast, as_: As) -> None:
    """ASVS 9.1.1, 9.1.2, 11.4.1: one algorithm, which nothing in the cookie chooses."""
    content = inside(as_(cast.tanaka))
    assert opens(app, session_signer(app).dumps(content))
    for digest in ("sha1", "md5", "sha512"):
        assert not opens(app, session_signer(app, digest=digest).dumps(content))


def test_is_not_taken_unsigned_or_signed_by_another_key(app: Flask, cast: Cast, as_: As) -> None:
    """ASVS 9.1.1, 9.1.3: the key is the portal's own, not one that comes along."""
    content = inside(as_(cast.tanaka))
    signed = session_signer(app).dumps(content)
    payload, moment, signature = signed.rsplit(".", 2)
    others = session_signer(app, key="x" * 40).dumps(content)
    for forged in (
        payload,
        f"{payload}.{moment}",
        f"{payload}.{moment}.",
        f"{payload}.{moment}.{signature[:-3]}AAA",
        others,
    ):
        assert not opens(app, forged)


def test_is_good_for_its_own_purpose_only(app: Flask, cast: Cast, as_: As) -> None:
    """ASVS 9.2.2, 9.2.3, 9.2.4: a form's token, a known browser's mark and a session's cookie are
    not each other.
    """
    browser = as_(cast.tanaka)
    content = inside(browser)
    for salt in ("wtf-csrf-token", "known browser", "meibo"):
        assert not opens(app, session_signer(app, salt=salt).dumps(content))
    with app.test_request_context(
        headers={
            "Cookie": f"meibo-known={session_signer(app).dumps({str(cast.tanaka.id): 'mark'})}"
        }
    ):
        assert cookies.known_browser_ids() == {}


def test_is_over_after_its_time(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """ASVS 9.2.1: the mark of a known browser is worth nothing after 180 days, however
    well signed."""
    signer = PortalSerializer(str(app.secret_key), salt="known browser")
    marks = {str(cast.tanaka.id): "mark"}
    with app.test_request_context(headers={"Cookie": f"meibo-known={signer.dumps(marks)}"}):
        assert cookies.known_browser_ids() == marks
    with monkeypatch.context() as past:
        past.setattr("itsdangerous.timed.time.time", lambda: 1_700_000_000.0)
        old = signer.dumps(marks)
    with app.test_request_context(headers={"Cookie": f"meibo-known={old}"}):
        assert cookies.known_browser_ids() == {}


def test_takes_a_form_s_token_that_is_signed_with_sha_256_only(app: Flask, client: Any) -> None:
    """ASVS 11.4.1, issue 11 §3: of the libraries, only Flask-WTF's serializer is another one; what
    itsdangerous does for others stays as it is.
    """
    client.token("/login/")
    with client.session_transaction() as kept:
        raw = kept["csrf_token"]
    form = {"login_id": "nobody", "password": "wrong"}
    for digest, status in (("sha1", 400), ("sha512", 400), ("sha256", 401)):
        kind = {"digest_method": getattr(hashlib, digest)}
        signer = URLSafeTimedSerializer(
            str(app.secret_key), salt="wtf-csrf-token", signer_kwargs=kind
        )
        token = signer.dumps(raw)
        answer = client.post("/login/", data=form | {"csrf_token": token})
        assert answer.status_code == status, digest
    assert URLSafeTimedSerializer.default_signer is TimestampSigner
    assert Signer.default_digest_method().name == "sha1"


def test_is_no_identity_by_itself(app: Flask, cast: Cast) -> None:
    """ASVS 7.2.1, 7.2.2: a well-signed cookie that names an account, not a session on the server,
    opens nothing.
    """
    for name in (cast.tanaka.id, str(cast.tanaka.id), "tanaka", "", None, 0, ["x"], {"id": 1}):
        assert not opens(app, session_signer(app).dumps({"_user_id": name, "_fresh": True}))


def test_is_short(app: Flask, cast: Cast) -> None:
    """ASVS 3.3.5: cookies stay under 4096 bytes with ten long refusals told and five
    people known."""
    people = [
        factories.account(
            f"long{number}", family_name=chr(0x4E00 + 977 * number) * 64, given_name="鬱" * 64
        )
        for number in range(12)
    ]
    ids = [factories.membership(one, cast.aozora, suspended_at=factories.NOW).id for one in people]
    browser = app.test_client()
    assert isinstance(browser, PortalClient)
    for name in ("tanaka", "smith", "suzuki", "yamada", "root", "tanaka"):
        browser.submit(
            "/login/", {"login_id": name, "password": factories.PASSWORD}, page="/login/"
        )
        browser.submit("/logout/", page="/profile/") if name != "tanaka" else None
    form = {"action": "suspend", "rowid": [str(one) for one in ids], "sure": "1", "reason": "x"}
    answer = browser.act("/o/aozora/members/action_post", form, page="/o/aozora/members/list/")
    lines = answer.headers.getlist("Set-Cookie") + [
        f"{cookie.key}={cookie.value}" for cookie in browser._cookies.values()
    ]
    assert max(map(len, lines)) < 4096


def test_a_message_in_the_queue_is_signed_with_sha_256(tmp_path: Path) -> None:
    """ASVS 1.5.2, 11.4.1: what is not ours is not unpacked, be it signed as Huey signs."""
    from huey.exceptions import HueyException
    from huey.serializer import SignedSerializer

    settings = settings_for(tmp_path)
    huey = queue.build(settings)
    huey.storage.enqueue(
        SignedSerializer(settings.secret_key, salt=queue.NAME)._serialize({"x": 1})
    )
    with pytest.raises((ValueError, HueyException)):
        huey.dequeue()


def test_an_api_key_s_prefix_is_no_token(client: PortalClient) -> None:
    """ASVS 9.1.1: nothing self-contained opens the API: a token that says who it is says
    nothing."""
    header = {"alg": "none", "typ": "JWT"}
    forged = ".".join(
        [
            *(
                URLSafeTimedSerializer("x").dumps(json.dumps(one)).split(".")[0]
                for one in (header, {"sub": "tanaka"})
            ),
            "",
        ]
    )
    assert (
        client.get("/api/v1/me", headers={"Authorization": f"Bearer {forged}"}).status_code == 401
    )
