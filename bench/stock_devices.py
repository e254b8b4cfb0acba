"""Stock devices: the model of examples/devices on Flask-AppBuilder as it comes.

Here: the application and its rows. Nothing of the portal may be imported here. Not here: measuring
(bench.derived).
"""

from __future__ import annotations

from flask import Flask
from flask_appbuilder import AppBuilder, Model, ModelView
from flask_appbuilder.models.sqla.base import SQLA
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, insert
from sqlalchemy.orm import relationship

from bench.device_rows import rows


class Device(Model):
    """A device lent to somebody."""

    __tablename__ = "device"

    id = Column(Integer, primary_key=True)
    name = Column(String(64), nullable=False)
    serial = Column(String(40), nullable=False)
    kind = Column(String(40), nullable=False)
    holder_id = Column(Integer, ForeignKey("ab_user.id"))
    holder = relationship(User)
    lent_on = Column(Date)
    returned = Column(Boolean, default=False)


class DeviceView(ModelView):
    """Devices."""

    datamodel = SQLAInterface(Device)
    list_columns = ["name", "serial", "kind", "holder", "lent_on", "returned"]
    search_columns = ["name", "serial", "kind", "lent_on", "returned"]


def create_app(database: str, count: int, people: int) -> Flask:
    """The application, with its people and devices."""
    app = Flask("stock_devices")
    app.config.update(
        SECRET_KEY="bench", SQLALCHEMY_DATABASE_URI=f"sqlite:///{database}", WTF_CSRF_ENABLED=False
    )
    db = SQLA()
    with app.app_context():
        db.init_app(app)
        builder = AppBuilder(app, db.session)
        builder.add_view(DeviceView, "Devices")
        manager, role = builder.sm, builder.sm.find_role("Admin")
        for number in range(people):
            address = f"p{number}@stock.example"
            made = manager.add_user(f"p{number}", "Ann", str(number), address, role, password="x")
            assert made, "Flask-AppBuilder made no account."
        holders = [user.id for user in db.session.query(User)]
        db.session.execute(insert(Device), rows(count, holders))
        db.session.commit()
    return app
