"""For tools that look for app.py; the package app/ beside it wins every import, so the product
lives there.
"""

from app import create_app

__all__ = ["create_app"]
