"""What the tests of managed accounts share with those of members.

Here: the same fixtures. Not here: people (cast.py), rows (factories.py).
"""

from tests.members.conftest import co_admin, desk, second, tanaka

__all__ = ["co_admin", "desk", "second", "tanaka"]
