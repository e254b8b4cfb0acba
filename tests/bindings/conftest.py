"""What the tests of role bindings share with those of members.

Here: the same people's browsers. Not here: people (cast.py), rows (factories.py).
"""

from tests.members.conftest import co_admin, desk, second, tanaka

__all__ = ["co_admin", "desk", "second", "tanaka"]
