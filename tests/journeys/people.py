"""People of a town. Stories are told in these words.

Every sentence is given twice, in Japanese and then in English; whoever reads looks for the one of
their own language. Here: what people do. Not here: where they live (town.py), what they do it with
(pages.py, letters.py), the stories (test_….py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from tests.conftest import PortalClient
from tests.journeys.letters import SIX_DIGITS, text_of
from tests.journeys.pages import Node, Page

if TYPE_CHECKING:
    from tests.journeys.town import Town

PASSWORD = "Sakura-no-hana-7"


@dataclass
class Person:
    """Somebody in front of a browser, with a mailbox."""

    town: Town
    family: str
    given: str
    address: str
    login_id: str
    password: str = PASSWORD
    page: Page = field(default_factory=lambda: Page(""))
    typed: dict[str, str | list[str]] = field(default_factory=dict)
    browser: PortalClient = field(init=False)

    def __post_init__(self) -> None:
        self.takes_another_browser()

    def takes_another_browser(self) -> Person:
        """Go on in a browser that knows nothing."""
        made = self.town.app.test_client()
        assert isinstance(made, PortalClient)
        self.browser = made
        return self

    @property
    def name(self) -> str:
        """How readers of the town's language call them."""
        return self.town.says(
            f"{self.family} {self.given}".strip(), f"{self.given} {self.family}".strip()
        )

    # looking

    def opens(self, address: str) -> Person:
        """Open an address, or a link of a letter, and go where it leads."""
        parts = urlsplit(urljoin(self.page.path, address))
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        self._arrives(self.browser.get(path, follow_redirects=True, headers=self._speaks()))
        return self

    def reads(self, japanese: str, english: str) -> Person:
        """Find a sentence on the page."""
        sentence = self.town.says(japanese, english)
        assert sentence in self.page.text, (
            f"“{sentence}” is not on {self.page.path} ({self.page.status}):\n{self.page.text}"
        )
        assert self.page.language == self.town.language
        return self

    def does_not_read(self, japanese: str, english: str) -> Person:
        """Find it nowhere in the page's own part."""
        sentence = self.town.says(japanese, english)
        assert sentence not in self.page.main, f"“{sentence}” is on {self.page.path}"
        return self

    def sees(self, *words: str) -> Person:
        """Find names, which are the same in every language."""
        for one in words:
            assert one in self.page.text, f"{one} is not on {self.page.path}:\n{self.page.text}"
        return self

    def sees_no(self, *words: str) -> Person:
        """Find none of these names in the page's own part."""
        for one in words:
            assert one not in self.page.main, f"{one} is on {self.page.path}"
        return self

    def is_at(self, path: str, status: int = 200) -> Person:
        """Be at an address that was answered so."""
        shown = f"at {self.page.path} ({self.page.status}):\n{self.page.text}"
        assert (self.page.path, self.page.status) == (path, status), shown
        return self

    def is_refused(self, address: str, status: int) -> Person:
        """Open an address and be told no."""
        self.opens(address)
        assert self.page.status == status, (
            f"{address} answered {self.page.status}:\n{self.page.text}"
        )
        return self

    def can_press(self, japanese: str, english: str) -> bool:
        """Whether there is such a button or link."""
        return self.page.has(self.town.says(japanese, english))

    # acting

    def follows(self, japanese: str, english: str) -> Person:
        """Follow a link."""
        return self.opens(self.page.link(self.town.says(japanese, english))["href"])

    def opens_envelope(self, *, saying: int) -> Person:
        """Press the envelope in the top bar, which says how many invitations wait."""
        envelope = next(
            node
            for node in self.page.root.all("a")
            if node["href"] == "/invites/" and node.within("header")
        )
        assert str(saying) in envelope.label, envelope.label
        return self.opens(envelope["href"])

    def fills_in(self, **fields: str | list[str]) -> Person:
        """Type into the form of the page; what is not named stays as the page has it."""
        self.typed |= fields
        return self

    def presses(self, japanese: str, english: str, *, near: str = "") -> Person:
        """Press a button, sending its form with what was typed; `near` is a word of its
        row or box."""
        button = self.page.button(self.town.says(japanese, english), near)
        assert not button.has("disabled"), f"“{button.label}” cannot be pressed"
        return self._sends(self.page.form_of(button), button)

    def posts(self, path: str, values: dict[str, str | list[str]]) -> Person:
        """Send what no button of the page sends, as somebody who knows the addresses can."""
        values = {"csrf_token": self.browser.token("/profile/"), **values}
        self._arrives(
            self.browser.post(path, data=values, follow_redirects=True, headers=self._speaks())
        )
        return self

    def selects(self, *rows: str) -> Person:
        """Tick the boxes of a list's rows, by a word of each."""
        boxes = [
            (node, node.within("tr"))
            for node in self.page.root.all("input")
            if node["name"] == "rowid"
        ]
        ticked = [
            node["value"]
            for node, row in boxes
            if row is not None and any(word in row.text for word in rows)
        ]
        assert len(ticked) == len(rows), f"not every row of {rows} is on {self.page.path}"
        return self.fills_in(rowid=ticked)

    def _sends(self, form: Node, button: Node) -> Person:
        values: dict[str, str | list[str]] = {**self.page.values(form), **self.typed}
        if button["name"]:
            values[button["name"]] = button["value"]
        self.typed = {}
        path = urljoin(self.page.path, button["formaction"] or form["action"] or self.page.path)
        if (button["formmethod"] or form["method"]).lower() == "post":
            self._arrives(
                self.browser.post(path, data=values, follow_redirects=True, headers=self._speaks())
            )
        else:
            self._arrives(
                self.browser.get(
                    path, query_string=values, follow_redirects=True, headers=self._speaks()
                )
            )
        return self

    def _arrives(self, answer: object) -> None:
        status, html, request = answer.status_code, answer.get_data(as_text=True), answer.request  # type: ignore[attr-defined]
        assert status < 500, f"{request.path} answered {status}: {html}"
        self.page = Page(html, request.path, status)

    def _speaks(self) -> dict[str, str]:
        return {"Accept-Language": self.town.language}

    # signing in

    def signs_in(self, *, as_: str = "", password: str = "") -> Person:
        """Type login ID and password; a code may be asked for next."""
        self.opens("/login/").fills_in(
            login_id=as_ or self.login_id, password=password or self.password
        )
        return self.presses("サインイン", "Sign in")

    def signs_in_with_code(self) -> Person:
        """Sign in, and type the code of the letter."""
        self.signs_in().reads("認証コードを入力してください", "Enter the sign-in code")
        return self.types_code(self.code_from_mail())

    def types_code(self, code: str) -> Person:
        """Type the six digits."""
        return self.fills_in(code=code).presses("確認してサインイン", "Confirm and sign in")

    def signs_out(self) -> Person:
        """Sign out through the account's menu."""
        return self.presses("サインアウト", "Sign out")

    def is_in(self, path: str = "/profile/") -> bool:
        """Whether the browser is signed in, now."""
        return self.browser.get(path, headers=self._speaks()).status_code == 200

    # the mailbox

    @property
    def mailbox(self) -> list[EmailMessage]:
        """The letters that arrived, however the address was written, newest last."""
        return [
            mail
            for mail in self.town.office.mails
            if mail["X-Envelope-To"].casefold() == self.address.casefold()
        ]

    def reads_mail(self, japanese: str, english: str) -> str:
        """Look into the mailbox once the worker has been; return the text of the newest letter of
        that subject.
        """
        self.town.mail_goes_out()
        subject = self.town.says(japanese, english)
        found = [mail for mail in self.mailbox if subject in str(mail["Subject"])]
        assert found, (
            f"{self.address} has no letter “{subject}”, but"
            f" {[str(mail['Subject']) for mail in self.mailbox]}"
        )
        return text_of(found[-1])

    def has_no_mail(self, japanese: str, english: str) -> Person:
        """Look into the mailbox in vain."""
        self.town.mail_goes_out()
        subject = self.town.says(japanese, english)
        assert not [mail for mail in self.mailbox if subject in str(mail["Subject"])]
        return self

    def code_from_mail(self) -> str:
        """The six digits of the newest letter."""
        found = SIX_DIGITS.search(self.reads_mail("認証コード", "sign-in code"))
        assert found
        return found[0]
