"""Announcements to the whole portal, in its languages; members read them as news."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.orm import Mapped, mapped_column

from app import extend
from app.extend import (
    MEMBER,
    PLATFORM,
    ModelView,
    PlatformInterface,
    PlatformModel,
    Screen,
    Translated,
    UtcDateTime,
    grant,
    lazy,
)


class Announcement(PlatformModel):
    """What the platform administrator tells everybody."""

    __tablename__ = "announcement"

    title: Mapped[dict[str, str]] = mapped_column(Translated(120))
    shown_from: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AnnouncementView(ModelView):
    """Announcements, for the platform administrator: お知らせの管理."""

    datamodel = PlatformInterface(Announcement)
    list_title = lazy("Announcements")
    item_title = lazy("Announcement")
    list_columns = search_columns = ["title", "shown_from"]
    base_order = ("shown_from", "desc")


class NewsView(AnnouncementView):
    """The same rows for every member, read only: お知らせ."""

    word = "news"
    list_title = lazy("News")
    base_permissions = ["can_list", "can_show"]


grant("news", "read", [MEMBER])
SCREENS = (
    Screen(AnnouncementView, PLATFORM, icon="megaphone"),
    Screen(NewsView, icon="megaphone"),
)


def create_app(settings: Any = None, **options: Any) -> Flask:
    """Make the portal with the announcements in it."""
    return extend.create_app(settings, more=SCREENS, **options)
