"""A client that behaves like a browser: it sends forms with their token, and reads pages as one.

Here: the client. Not here: who is signed in with it (testing.cast).
"""

from __future__ import annotations

import re
from contextvars import Context
from datetime import UTC, datetime
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.extensions import db
from app.http.signing import PortalSerializer
from app.kernel.tokens import new_token
from app.models import Account
from app.sessions import service as sessions

TAG = re.compile(r"""<[a-zA-Z](?:"[^"]*"|'[^']*'|[^<>"'])*>""")
SPACE = re.compile(r"""("[^"]*"|'[^']*')|\s+""")
ANY_PAGE = "/profile/"
TOKEN = re.compile(r'name="csrf_token"[^>]*?value="([^"]+)"')


class ReadPage(TestResponse):
    """An answer whose HTML is read as browsers read it: white space within a tag is one space."""

    def get_data(self, as_text: bool = False) -> Any:
        text = super().get_data(as_text=True) if as_text else super().get_data()
        if isinstance(text, str) and self.mimetype == "text/html":
            return TAG.sub(lambda tag: SPACE.sub(lambda one: one[1] or " ", tag[0]), text)
        return text


class PortalClient(FlaskClient):
    """A test client that sends forms with the page's CSRF token, as a browser does.

    Each request runs apart from the test's own application context, as in production; the test's
    session is committed before and starts afresh after it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.response_wrapper = type("ReadPage", (ReadPage, self.response_wrapper), {})

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():
            db.session.commit()
        answer = Context().run(super().open, *args, **kwargs)
        if has_app_context():
            db.session.rollback()
        return answer

    def token(self, page: str = "/login/") -> str:
        """Return the CSRF token of a page, or of any page that has one."""
        for path in (page, "/profile/", "/login/"):
            found = TOKEN.search(self.get(path, follow_redirects=True).get_data(as_text=True))
            if found:
                return found[1]
        raise AssertionError(f"no CSRF token on {page}")

    def submit(
        self, path: str, data: dict[str, Any] | None = None, *, page: str | None = None, **more: Any
    ) -> TestResponse:
        """POST a form to a path, with the token of the page it stands on. `page="/profile/"`: with
        the token that any page would have had, which is not read for it.
        """
        token = self._any_token() if page == ANY_PAGE else self.token(page or path)
        return self.post(path, data={"csrf_token": token, **(data or {})}, **more)

    def _any_token(self) -> str:
        """Return what Flask-WTF writes into the forms of whoever has this browser's cookie."""
        with self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", new_token())
        maker = PortalSerializer(self.application.config["SECRET_KEY"], salt="wtf-csrf-token")
        return str(maker.dumps(raw))

    def ask(self, path: str, data: dict[str, Any]) -> str:
        """Ask for something to be done to the rows that were selected in a list; return the page
        that asks.
        """
        answer = self.submit(path, data, page="/profile/", follow_redirects=True)
        return " ".join(answer.get_data(as_text=True).split())

    def act(self, path: str, data: dict[str, Any], **more: Any) -> TestResponse:
        """Do something to the rows that were selected in a list: ask for it, then answer the page
        that asks; where there is no question, the first answer.
        """
        follows = more.pop("follow_redirects", False)
        asked = self.submit(path, data, **more)
        if "/batches/ask/" not in asked.headers.get("Location", ""):
            return asked
        more["follow_redirects"] = follows
        answer = {name: value for name, value in data.items() if name not in ("action", "rowid")}
        return self.submit(asked.headers["Location"], answer, **more)

    def sign_in(self, who: Account, *, method: str = "password") -> PortalClient:
        """Open a session for somebody, as the last step of signing in does."""
        _row, key = sessions.open_session(
            who, now=datetime.now(UTC), ip="127.0.0.1", user_agent="test", method=method
        )
        db.session.commit()
        with self.session_transaction() as cookie:
            cookie.clear()
            cookie["_user_id"], cookie["_fresh"] = key, True
        return self
