"""What the tests of service accounts share with those of API keys.

Here: the same fixtures. Not here: people (cast.py), rows (factories.py).
"""

from tests.api_keys.conftest import payroll

__all__ = ["payroll"]
