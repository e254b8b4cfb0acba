"""What the tests of memberships share with those of members.

Here: the same fixtures. Not here: people (cast.py), rows (factories.py).
"""

from tests.members.conftest import co_admin, desk, door, edit, second, smith, tanaka, viewer

__all__ = ["co_admin", "desk", "door", "edit", "second", "smith", "tanaka", "viewer"]
