"""T2-32: everything that is wrong with what was typed is said at once. A form …"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import select

from app.accounts import service as accounts
from app.extensions import db
from app.kernel.clock import utcnow
from app.kernel.errors import Several
from app.models import Account, FirstLogin
from app.setup import service as setup
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.invites.conftest import opened

As = Callable[[Account], PortalClient]
TAKEN_ID = "Another account has this login ID."
TAKEN_EMAIL = "Another account has this e-mail address."
WEAK = "The password needs:"
AGAIN = "Type the password again."
NAMES = {"family_name": "Kato", "given_name": "Megumi", "language": "en", "time_zone": "UTC"}
ADD = "/o/aozora/members/add"


def sent(browser: PortalClient, path: str, form: dict[str, str], **more: str) -> str:
    answer = browser.submit(path, {**form, **more})
    assert answer.status_code in (409, 422), answer.location
    return re.sub(r"\s+", " ", unescape(answer.get_data(as_text=True)))


def test_names_the_login_id_the_address_and_the_password_of_a_registration(
    cast: Cast, as_: As
) -> None:
    """T2-32: whether a field is empty or only taken."""
    cast.aozora.first_login = FirstLogin.PASSWORD
    form = NAMES | {"login_id": "smith", "email": cast.yamada.email, "password": "short"}
    browser = as_(cast.tanaka)
    page = sent(browser, ADD, form, type="general")
    assert TAKEN_ID in page and WEAK in page
    assert "Somebody with this e-mail address has an account already." in page
    page = sent(browser, ADD, form, type="general", family_name="", email="nonsense")
    assert TAKEN_ID in page and WEAK in page, "though two fields are not well-formed"


def test_names_all_of_them_to_somebody_who_signs_up(cast: Cast, client: PortalClient) -> None:
    """T2-32: login ID, then password."""
    _invite, token = factories.invite(cast.aozora, "new@example.com", cast.tanaka)
    db.session.commit()
    form = NAMES | {"login_id": "SMITH", "password": "short"}
    page = sent(client, opened(client, token), form)
    assert TAKEN_ID in page and WEAK in page
    page = sent(client, opened(client, token), form, family_name="")
    assert TAKEN_ID in page and WEAK in page
    assert not db.session.scalars(
        select(Account).where(Account.email_key == "new@example.com")
    ).all()


def test_names_all_of_them_at_the_first_start(app: object, client: PortalClient) -> None:
    """T2-32: organization code, then password."""
    link = setup.new_link()
    assert link
    form = NAMES | {"login_id": "root", "email": "root@example.com", "password": "short"}
    form |= {"organization_name": "Acme", "organization_code": "Not A Code!"}
    page = sent(client, "/setup/" + link.rpartition("/")[2], form)
    assert WEAK in page and 'id="organization_code-error"' in page


def test_asks_for_a_typed_password_again_in_words(cast: Cast, client: PortalClient) -> None:
    """T2-32: no page repeats a password, so it says so at the field."""
    _invite, token = factories.invite(cast.aozora, "new@example.com", cast.tanaka)
    db.session.commit()
    form = NAMES | {"login_id": "smith", "password": "Violet-Kettle-92"}
    page = sent(client, opened(client, token), form)
    assert TAKEN_ID in page and AGAIN in page and "Violet-Kettle-92" not in page
    assert AGAIN not in sent(client, opened(client, token), form, password="")
    assert AGAIN not in unescape(client.get(opened(client, token)).get_data(as_text=True))


def test_is_refused_with_each_field_by_a_service(cast: Cast) -> None:
    """T2-32: on every door: what REST lists under `fields`."""
    with pytest.raises(Several) as refused:
        accounts.register_account(
            family_name="",
            given_name="",
            email=cast.smith.email,
            login_id="smith",
            language="en",
            time_zone="Asia/Tokyo",
            now=utcnow(),
        )
    assert sorted(refused.value.problems) == ["email", "family_name", "login_id"]
    with pytest.raises(Several) as refused:
        accounts.edit_identity(
            cast.suzuki, email=cast.smith.email, login_id="smith", by=cast.suzuki, now=utcnow()
        )
    assert sorted(refused.value.problems) == ["email", "login_id"]
