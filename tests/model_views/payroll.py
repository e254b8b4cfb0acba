"""Staff with a column that only some may read, and badges that point to them.

Here: models and views. Not here: what is expected of them (test_column_permissions).
"""

from __future__ import annotations

from decimal import Decimal

from flask_appbuilder.models.decorators import renders
from flask_appbuilder.models.group import aggregate_count, aggregate_sum
from sqlalchemy import ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.policy import POWER_USER
from app.extend import (
    HIDDEN,
    GroupByChartView,
    ModelView,
    OrganizationInterface,
    OrganizationModel,
    Screen,
    grant,
    lazy,
)


class Staffer(OrganizationModel):
    """Somebody on the payroll."""

    __tablename__ = "payroll_staffer"

    name: Mapped[str] = mapped_column(String(40))
    salary: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    remark: Mapped[str | None] = mapped_column(String(80))

    @renders("salary")
    def yearly(self) -> str:
        """The salary of a year."""
        return f"{(self.salary or 0) * 12} a year"


class StafferView(ModelView):
    """Staff: 給与."""

    datamodel = OrganizationInterface(Staffer)
    list_title = lazy("Staff")
    list_columns = search_columns = ["name", "salary", "remark"]
    show_columns = ["name", "salary", "remark", "yearly"]
    order_columns = ["name", "salary", "remark"]
    base_order = [("salary", "desc"), ("name", "asc")]
    column_permission_name = {"salary": "manage", "remark": "manage"}


class PaidView(ModelView):
    """Staff as those edit them who may not know what they earn."""

    datamodel = OrganizationInterface(Staffer)
    list_title = lazy("Paid")
    list_columns = ["name", "salary"]
    column_permission_name = {"salary": "pay", "remark": "pay"}
    word = "paid"


grant("paid", "pay", {POWER_USER})


class Badge(OrganizationModel):
    """A badge of somebody."""

    __tablename__ = "payroll_badge"

    name: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("payroll_staffer.id", ondelete="SET NULL")
    )
    owner: Mapped[Staffer | None] = relationship(Staffer)


class BadgeView(ModelView):
    """Badges: 名札."""

    datamodel = OrganizationInterface(Badge)
    list_title = lazy("Badges")
    list_columns = ["name", "owner", "owner.salary"]


class StafferChartView(GroupByChartView):
    """Who earns what."""

    datamodel = OrganizationInterface(Staffer)
    chart_title = lazy("Staff in numbers")
    definitions = (
        {"group": "name", "series": [(aggregate_count, "id")]},
        {"group": "name", "label": "Salary by name", "series": [(aggregate_sum, "salary")]},
    )


SCREENS = (
    Screen(StafferView),
    Screen(PaidView, HIDDEN),
    Screen(BadgeView),
    Screen(StafferChartView),
)
