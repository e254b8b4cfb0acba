"""Extend: what a package of yours imports; nothing else is promised to stay (docs/extending.md).

Here: names. Not here: what they do.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_appbuilder import Model
from flask_appbuilder.models.group import aggregate_avg, aggregate_count, aggregate_sum

from app.access.authorities import register
from app.access.policy import MEMBER, grant
from app.activity.events import declare
from app.kernel.errors import Refusal
from app.model_views.columns import Column
from app.model_views.drawing.charts import GroupByChartView
from app.model_views.package_words import lazy
from app.model_views.view import ModelView
from app.models import Account, Membership, Organization
from app.models.base import OrganizationModel, PlatformModel
from app.models.column_types import Choice, Link, Translated, UtcDateTime
from app.registration import HIDDEN, ORGANIZATION, PLATFORM, Screen
from app.screens.interface import OrganizationInterface, PlatformInterface
from app.screens.list_filter import Filter

__all__ = [
    "HIDDEN",
    "MEMBER",
    "ORGANIZATION",
    "PLATFORM",
    "Account",
    "Choice",
    "Column",
    "Filter",
    "GroupByChartView",
    "Link",
    "Membership",
    "Model",
    "ModelView",
    "Organization",
    "OrganizationInterface",
    "OrganizationModel",
    "PlatformInterface",
    "PlatformModel",
    "Refusal",
    "Screen",
    "Translated",
    "UtcDateTime",
    "aggregate_avg",
    "aggregate_count",
    "aggregate_sum",
    "create_app",
    "declare",
    "grant",
    "lazy",
    "register",
]


def create_app(settings: Any = None, *, more: tuple[Screen, ...] = (), **options: Any) -> Flask:
    """Make the portal with your screens in it."""
    from app import create_app as create_portal

    return create_portal(settings, more=more, **options)
