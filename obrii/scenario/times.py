"""The time section: windows of the operator's slots or of plain steps."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from obrii.scenario.fields import Count, Part, Positive, Utc, utc64
from obrii.timegrid import TimeGrid


class Length(Part):
    """Where a window starts and how long it lasts: one of end, hours, seconds, slots."""

    start: Utc
    end: Utc | None = None
    hours: Positive | None = None
    seconds: Positive | None = None
    slots: Count | None = None

    @model_validator(mode="after")
    def _one_length(self) -> Length:
        given = [key for key in ("end", "hours", "seconds", "slots") if getattr(self, key) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of end, hours, seconds, slots; found {' and '.join(given) or 'none'}")
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"end {self.end:%Y-%m-%dT%H:%M:%SZ} is not after start {self.start:%Y-%m-%dT%H:%M:%SZ}")
        return self

    def grid(self, step_s: float | None) -> TimeGrid:
        """The steps of this window; `step_s` None for the operator's slots."""
        if self.slots is not None:
            first = TimeGrid.slots(utc64(self.start), seconds=15.0 * self.slots + 15.0)
            return first[: self.slots] if step_s is None else self._plain(step_s, step_s * self.slots)
        if self.end is not None:
            seconds = (self.end - self.start).total_seconds()
        else:
            seconds = self.seconds if self.seconds is not None else 3600.0 * (self.hours or 0.0)
        return TimeGrid.slots(utc64(self.start), seconds=seconds) if step_s is None else self._plain(step_s, seconds)

    def _plain(self, step_s: float, seconds: float) -> TimeGrid:
        return TimeGrid.steps(utc64(self.start), step_s=step_s, seconds=seconds)


class Time(Part):
    """The steps of a run: one window, or a list of them; the operator's slots, or plain steps."""

    start: Utc | None = None
    end: Utc | None = None
    hours: Positive | None = None
    seconds: Positive | None = None
    slots: Count | None = None
    windows: Annotated[list[Length], Field(min_length=1)] | None = None
    step: Literal["slot"] | None = None
    step_s: Positive | None = None

    @model_validator(mode="before")
    @classmethod
    def _default_step(cls, data: Any) -> Any:
        if isinstance(data, dict) and "step_s" not in data:
            return {"step": "slot", **data}
        return data

    @model_validator(mode="after")
    def _consistent(self) -> Time:
        if self.step is not None and self.step_s is not None:
            raise ValueError("give step or step_s, not both")
        if self.windows is not None and self.start is not None:
            raise ValueError("give start or windows, not both")
        self.parts()
        return self

    def parts(self) -> list[Length]:
        """The windows, also where there is only one."""
        if self.windows is not None:
            return list(self.windows)
        if self.start is None:
            raise ValueError("start is missing")
        return [
            Length(start=self.start, end=self.end, hours=self.hours, seconds=self.seconds, slots=self.slots),
        ]

    def grid(self) -> TimeGrid:
        """The steps of the run."""
        return TimeGrid(tuple(w for part in self.parts() for w in part.grid(self.step_s).windows))
