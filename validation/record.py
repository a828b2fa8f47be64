"""What a validation is: a feature of ours, something independent of it, and how far the two may lie apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Effort:
    """How much to try: level, "smallest" for tests, "usual" for minutes, "long" for hours; data: the folder that
    OBRII_DATA names, None where it names none."""

    level: Literal["smallest", "usual", "long"] = "usual"
    data: Path | None = None

    def of(self, smallest: T, usual: T, long: T) -> T:
        """The one of three sizes that this effort is.

        >>> Effort("long").of(1, 10, 1000)
        1000
        """
        return {"smallest": smallest, "usual": usual, "long": long}[self.level]

    @property
    def folder(self) -> Path:
        """The folder of catalogues and measurements, for validations that need it."""
        if self.data is None:
            raise FileNotFoundError("OBRII_DATA does not name the folder of catalogues and measurements")
        return self.data


@dataclass(frozen=True)
class Finding:
    """What a validation came to: the worst difference, in the unit of the validation, and what was tried."""

    worst: float
    condition: str


@dataclass(frozen=True)
class Validation:
    """A row of the page.

    feature: what of ours; reference: what it is compared with, and where that is from; unit and tolerance of the worst
    difference; fair: why the tolerance is what it is; find: from an effort to a finding; needs_data: reads the folder
    that OBRII_DATA names.
    """

    feature: str
    reference: str
    unit: str
    tolerance: float
    fair: str
    find: Callable[[Effort], Finding]
    needs_data: bool = False

    def passes(self, finding: Finding) -> bool:
        """Whether a finding is within the tolerance; one that is no number never is."""
        return finding.worst <= self.tolerance
