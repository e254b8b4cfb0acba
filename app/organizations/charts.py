"""Charts: where numbers over time stand on a drawing of 320 by 104.

Here: scale and points, pure. Not here: counting (organizations.growth), the drawing itself
(templates/home/_charts.html).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEFT, RIGHT, TOP, BOTTOM = 4.0, 288.0, 12.5, 80.5
BAR = 20
STEPS = (2, 4, 6, 8, 10)


@dataclass(frozen=True)
class Bar:
    """One upright bar and the part of it that is filled."""

    x: float
    y: float
    height: float
    part_y: float
    part_height: float


@dataclass(frozen=True)
class Chart:
    """Numbers over time; `parts` are so many of each.

    `short` labels stand below the drawing, whole ones in its table.
    """

    labels: Sequence[str]
    short: Sequence[str]
    values: Sequence[int]
    parts: Sequence[int] = ()

    @property
    def top(self) -> int:
        """The number at the upper edge: round, and even so that its half is one too."""
        return round_up(max(self.values, default=0))

    @property
    def total(self) -> int:
        return sum(self.values)

    @property
    def total_part(self) -> int:
        return sum(self.parts)

    @property
    def points(self) -> list[tuple[float, float]]:
        """Where each number stands on a line."""
        step = (RIGHT - LEFT) / max(len(self.values) - 1, 1)
        return [
            (round(LEFT + step * place, 1), self._y(value))
            for place, value in enumerate(self.values)
        ]

    @property
    def line(self) -> str:
        """The line through them, as an SVG path."""
        return "M" + " ".join(f"{x:g} {y:g}" for x, y in self.points)

    @property
    def area(self) -> str:
        """What is below the line."""
        return f"{self.line}V{BOTTOM:g}H{LEFT:g}Z"

    @property
    def bars(self) -> list[Bar]:
        """Where each number stands as a bar."""
        slot = (RIGHT + LEFT) / max(len(self.values), 1)
        drawn = []
        for place, (value, part) in enumerate(zip(self.values, self.parts, strict=True)):
            y, part_y = self._y(value), self._y(part)
            drawn.append(
                Bar(
                    round((slot - BAR) / 2 + slot * place, 1),
                    y,
                    round(BOTTOM - y, 1),
                    part_y,
                    round(BOTTOM - part_y, 1),
                )
            )
        return drawn

    def _y(self, value: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * value / self.top, 1)


def round_up(number: int) -> int:
    """The next of 2, 4, 6, 8, 10, 20, 40 … that is not smaller."""
    scale = 1
    while STEPS[-1] * scale < number:
        scale *= 10
    return next(step * scale for step in STEPS if step * scale >= number)
