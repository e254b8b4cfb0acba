"""A package of these tests: rows that point to members in every way, and every kind of column."""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Column, Enum, ForeignKey, Numeric, SmallInteger, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extend import (
    Choice,
    Link,
    Membership,
    Model,
    ModelView,
    OrganizationInterface,
    OrganizationModel,
    Screen,
    Translated,
    UtcDateTime,
    lazy,
)

tagged = Table(
    "gathering_tag_link",
    Model.metadata,
    Column("gathering_id", ForeignKey("gathering.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("gathering_tag.id", ondelete="CASCADE"), primary_key=True),
)
attending = Table(
    "gathering_member_link",
    Model.metadata,
    Column("gathering_id", ForeignKey("gathering.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True),
)


class Size(enum.Enum):
    """How many come."""

    SMALL = "s"
    LARGE = "l"


class GatheringTag(OrganizationModel):
    """What gatherings are about."""

    __tablename__ = "gathering_tag"

    name: Mapped[str] = mapped_column(String(40))


class Gathering(OrganizationModel):
    """Something that members come to."""

    __tablename__ = "gathering"

    name: Mapped[str] = mapped_column(String(60))
    about: Mapped[str | None]
    title: Mapped[dict[str, str] | None] = mapped_column(Translated(60))
    page: Mapped[str | None] = mapped_column(Link())
    held_on: Mapped[date | None]
    begins_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seats: Mapped[int | None]
    few: Mapped[int | None] = mapped_column(SmallInteger)
    many: Mapped[int | None] = mapped_column(BigInteger)
    cost: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    size: Mapped[Size | None] = mapped_column(Enum(Size))
    shape: Mapped[str | None] = mapped_column(Choice(talk=lazy("Talk"), walk=lazy("Walk")))
    is_open: Mapped[bool] = mapped_column(default=False)
    tags: Mapped[list[GatheringTag]] = relationship(GatheringTag, secondary=tagged)
    attendees: Mapped[list[Membership]] = relationship(Membership, secondary=attending)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    host: Mapped[Membership | None] = relationship(Membership, foreign_keys=[host_id])
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    deputy: Mapped[Membership | None] = relationship(Membership, foreign_keys=[deputy_id])


class Badge(OrganizationModel):
    """What one member has, and nobody after them."""

    __tablename__ = "badge"

    name: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    owner: Mapped[Membership] = relationship(Membership)


class BadgeUse(OrganizationModel):
    """Where a badge was used: two steps from the member."""

    __tablename__ = "badge_use"

    place: Mapped[str] = mapped_column(String(40))
    badge_id: Mapped[int] = mapped_column(ForeignKey("badge.id", ondelete="CASCADE"))
    badge: Mapped[Badge] = relationship(Badge)


class GatheringTagView(ModelView):
    """Tags."""

    datamodel = OrganizationInterface(GatheringTag)
    list_title = lazy("Tags")


class GatheringView(ModelView):
    """Gatherings."""

    datamodel = OrganizationInterface(Gathering)
    list_title = lazy("Gatherings")
    list_columns = ["name", "title", "page", "held_on", "begins_at", "cost", "size", "tags", "host"]
    search_columns = [
        *(
            "name",
            "title",
            "page",
            "held_on",
            "begins_at",
            "seats",
            "many",
            "cost",
            "size",
            "shape",
        ),
        *("is_open", "tags", "attendees", "host", "deputy"),
    ]


class BadgeView(ModelView):
    """Badges."""

    datamodel = OrganizationInterface(Badge)
    list_title = lazy("Badges")
    list_columns = ["name", "owner"]


class BadgeUseView(ModelView):
    """Uses of badges."""

    datamodel = OrganizationInterface(BadgeUse)
    list_title = lazy("Badge uses")


SCREENS = tuple(map(Screen, (GatheringTagView, GatheringView, BadgeView, BadgeUseView)))
