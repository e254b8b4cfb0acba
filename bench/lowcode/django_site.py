"""A Django project around the devices: what `startproject` writes, in one file. Not counted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import path

MIGRATIONS = "devices_migrations"
urlpatterns: list[Any] = []


def create_app(database: str) -> Any:
    """Set the project up and migrate it; its migrations are written beside the database."""
    folder = Path(database).parent
    (folder / MIGRATIONS).mkdir()
    (folder / MIGRATIONS / "__init__.py").touch()
    sys.path.insert(0, str(folder))
    contrib = ("admin", "auth", "contenttypes", "sessions", "messages")
    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["localhost"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[f"django.contrib.{name}" for name in contrib]
        + ["bench.lowcode.django_devices"],
        MIGRATION_MODULES={"django_devices": MIGRATIONS},
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        STATIC_URL="static/",
        LOGGING_CONFIG=None,
    )
    django.setup()
    call_command("makemigrations", "django_devices", verbosity=0)
    call_command("migrate", verbosity=0)
    from django.contrib import admin  # it wants the settings

    urlpatterns.append(path("admin/", admin.site.urls))
    return get_wsgi_application()


def add_people(password: str, everything: list[str], reading: list[str]) -> None:
    """Give these members an account: one may do everything with devices, the other see them."""
    from django.contrib.auth.models import Permission, User

    from .django_devices.models import Member

    for name in everything + reading:
        user = User.objects.create_user(name, password=password, is_staff=True)
        Member.objects.filter(name=name).update(user=user)
        codes = ["view_device", "view_member"]
        if name in everything:
            codes += ["add_device", "change_device", "delete_device"]
        user.user_permissions.set(Permission.objects.filter(codename__in=codes))
