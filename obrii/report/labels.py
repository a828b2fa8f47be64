"""Names on a map that do not run into each other: placed one after the other, dropped where there is no room."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

#: Width of a letter, plain and bold, in heights of it: an average over a name in the widest font of common systems.
_LETTER_WIDTH, _BOLD_WIDTH = 0.60, 0.67

#: Height of a line in heights of its letters.
_LINE = 1.15


class Box(NamedTuple):
    """A rectangle on a map: west, north, east, south."""

    west: float
    north: float
    east: float
    south: float

    def meets(self, other: Box) -> bool:
        """Whether two rectangles have a point in common."""
        return (
            self.west < other.east and other.west < self.east and self.north < other.south and other.north < self.south
        )


class Label(NamedTuple):
    """A text at its place: x, y of its baseline, anchor as SVG names it."""

    text: str
    x: float
    y: float
    anchor: str


@dataclass
class Room:
    """What is taken of a map of a width and a height, as labels are placed, and what has been said."""

    width: float
    height: float
    taken: list[Box] = field(default_factory=list)
    said: set[str] = field(default_factory=set)

    def block(self, x: float, y: float, radius: float) -> None:
        """Keep labels away from a marker."""
        self.taken.append(Box(x - radius, y - radius, x + radius, y + radius))

    def place(self, text: str, x: float, y: float, size: float, gap: float, *, bold: bool = False) -> Label | None:
        """A place for a text beside a marker: right, left, above, below; None where all are taken.

        size: height of its letters, bold or not; gap: from the middle of the marker to the text.

        >>> room = Room(100.0, 100.0)
        >>> room.place("Kyiv", 50.0, 50.0, 10.0, 5.0)
        Label(text='Kyiv', x=55.0, y=53.5, anchor='start')
        >>> room.place("Kiev", 50.0, 50.0, 10.0, 5.0).anchor
        'end'
        """
        wide, high = len(text) * size * (_BOLD_WIDTH if bold else _LETTER_WIDTH), size * _LINE
        choices = (
            (Box(x + gap, y - high / 2, x + gap + wide, y + high / 2), Label(text, x + gap, y + 0.35 * size, "start")),
            (Box(x - gap - wide, y - high / 2, x - gap, y + high / 2), Label(text, x - gap, y + 0.35 * size, "end")),
            (
                Box(x - wide / 2, y - gap - high, x + wide / 2, y - gap),
                Label(text, x, y - gap - 0.2 * size, "middle"),
            ),
            (
                Box(x - wide / 2, y + gap, x + wide / 2, y + gap + high),
                Label(text, x, y + gap + 0.85 * size, "middle"),
            ),
        )
        return self._first_free(choices)

    def centre(self, text: str, x: float, y: float, size: float) -> Label | None:
        """A place for a text in the middle of an area; None where it is taken."""
        wide, high = len(text) * size * _LETTER_WIDTH, size * _LINE
        box = Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        return self._first_free(((box, Label(text, x, y + 0.35 * size, "middle")),))

    def _first_free(self, choices: tuple[tuple[Box, Label], ...]) -> Label | None:
        for box, label in choices:
            inside = box.west >= 0 and box.north >= 0 and box.east <= self.width and box.south <= self.height
            if inside and not any(box.meets(other) for other in self.taken):
                self.taken.append(box)
                self.said.add(label.text)
                return label
        return None
