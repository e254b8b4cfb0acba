"""Stock: Flask-AppBuilder as it comes, on its own database, to measure the portal against.

Here: the application, with FAB's defaults and its own list of users. Nothing of the portal may be
imported here: its models would add their columns to FAB's tables. Not here: filling its database
(bench.data), starting it (bench.servers).
"""

from __future__ import annotations

import os
import sys

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_appbuilder.models.sqla.base import SQLA

DATABASE = "BENCH_STOCK_DATABASE"
VIEW = "UserDBModelView"
LOGIN, PASSWORD = "admin", "stock-bench-2026"


def create_app() -> Flask:
    """The application of FAB's own skeleton."""
    app = Flask("stock")
    app.config.update(
        SECRET_KEY="bench",
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{os.environ[DATABASE]}",
        APP_NAME="Stock",
        WTF_CSRF_ENABLED=True,
    )
    db = SQLA()
    with app.app_context():
        db.init_app(app)
        AppBuilder(app, db.session)
    return app


def make() -> None:
    """Make the tables, the permissions and an administrator."""
    app = create_app()
    with app.app_context():
        manager = app.appbuilder.sm  # type: ignore[attr-defined]
        made = manager.add_user(
            LOGIN,
            "Ann",
            "Admin",
            "admin@stock.example",
            manager.find_role("Admin"),
            password=PASSWORD,
        )
    if not made:
        sys.exit("Flask-AppBuilder made no administrator.")


if __name__ == "__main__":
    make()
