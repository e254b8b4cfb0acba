"""What these tests share with those of 2-step verification: phones."""

from tests.two_factor.conftest import phone

__all__ = ["phone"]
