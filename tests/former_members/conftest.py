"""What the tests of former members share with those of members.

Here: the same fixtures. Not here: people (cast.py), rows (factories.py).
"""

from tests.members.conftest import co_admin, second, smith, tanaka

__all__ = ["co_admin", "second", "smith", "tanaka"]
