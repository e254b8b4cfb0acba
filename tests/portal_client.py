"""The client that behaves like a browser, as the tests import it.

Here: its name. Not here: the client (app.testing.client).
"""

from app.testing.client import TOKEN, PortalClient, ReadPage

__all__ = ["TOKEN", "PortalClient", "ReadPage"]
