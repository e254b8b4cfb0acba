"""Sentences that are said when they are shown. They …"""

from __future__ import annotations

from flask import Flask, render_template_string

from app.kernel.i18n import lazy, lazy_n


def test_are_escaped_in_pages_with_the_words_in_them(app: Flask) -> None:
    with app.test_request_context("/"):
        told = render_template_string(
            "{{ one }} {{ two }}",
            one=lazy("Delete %(name)s?", name="<b>"),
            two=lazy_n("%(num)s <", "%(num)s >", 2),
        )
    assert told == "Delete &lt;b&gt;? 2 &gt;"
