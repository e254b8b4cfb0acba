"""Organizations, members and their sign-in for Flask-Admin and SQLAdmin, which bring none.

Not counted. Whoever says a member's name is signed in: the walk asks what follows a sign-in.
"""

from __future__ import annotations

from flask import Flask, request
from flask_login import LoginManager, UserMixin, login_user
from flask_sqlalchemy import SQLAlchemy
from sqladmin.authentication import AuthenticationBackend
from sqlalchemy import Engine, ForeignKey, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Model(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Model)


class Organization(Model):
    __tablename__ = "organization"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))


class Member(UserMixin, Model):
    __tablename__ = "member"
    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(String(64))

    def __str__(self) -> str:
        return self.name


def sign_in(app: Flask) -> None:
    """Flask-Login, as Flask-Admin's documentation recommends."""
    manager = LoginManager(app)

    @manager.user_loader
    def load(key: str) -> Member | None:
        return db.session.get(Member, int(key))

    @app.post("/login/")
    def login() -> str:
        login_user(
            db.session.scalars(select(Member).filter_by(name=request.form["username"])).one()
        )
        return ""


class SignIn(AuthenticationBackend):
    """The session of Starlette, as SQLAdmin's documentation recommends."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(secret_key="bench")
        self.engine = engine

    async def login(self, request) -> bool:
        name = (await request.form())["username"]
        with Session(self.engine) as session:
            member = session.scalars(select(Member).filter_by(name=name)).one()
        request.session.update(user_id=member.id, organization_id=member.organization_id)
        return True

    async def logout(self, request) -> bool:
        request.session.clear()
        return True

    async def authenticate(self, request) -> bool:
        return "user_id" in request.session


def own_organization(request) -> int:
    return request.session["organization_id"]
