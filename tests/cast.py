"""The cast, as the tests import it.

Here: the names. Not here: the seven people (app.testing.cast).
"""

from app.testing.cast import Cast, assemble

__all__ = ["Cast", "assemble"]
