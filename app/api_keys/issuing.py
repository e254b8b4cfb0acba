"""Issuing: the page on which a key is made, and the only page that ever shows its secret.

Here: form, verb, answer, shared by the profile and by service accounts. Not here: who holds the key
and who may (each door), what happens (api_keys.service).
"""

from __future__ import annotations

from flask import render_template, request

from app.access.seat import Seat, standing_authorities
from app.api_keys import service as api_keys
from app.api_keys.cells import ShownKey
from app.api_keys.forms import KeyForm
from app.http import reauthentication
from app.kernel.clock import utcnow
from app.kernel.i18n import _
from app.models import Membership, PortalKey
from app.outbox.service import portal_url
from app.screens.actions import Page, submit


def issue_page(holder: Membership, *, by: Seat, back: str, above: list[tuple[str, str]]) -> Page:
    """Ask for a key's name, days and scopes; issue it and show its secret, once. `above` is where
    the page stands.
    """
    reauthentication.ensure_recent(by, now=utcnow())
    form = KeyForm()
    form.scopes.offer(by.authorities & standing_authorities(holder))

    def form_page(filled: KeyForm) -> str:
        return render_template(
            "api_keys/issue.html",
            title=_("Issue an API key"),
            form=filled,
            holder=holder,
            by=by,
            back=back,
            above=above,
        )

    def done(made: tuple[PortalKey, str]) -> str:
        key, secret = made
        return render_template(
            "api_keys/secret.html",
            title=_("Your new API key"),
            key=key,
            shown=ShownKey(key, holder),
            secret=secret,
            holder=holder,
            back=back,
            above=above,
            example=portal_url("/api/v1/me"),
        )

    if request.method != "POST":
        return form_page(form)
    return submit(
        form, lambda: api_keys.issue(holder, **form.asked, by=by, now=utcnow()), form_page, done
    )
