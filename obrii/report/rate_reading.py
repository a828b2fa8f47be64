"""What summary.json says of rates, typed; a run without traffic has none of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Gets:
    """What half of the terminals with service get at least, and what a tenth of them gets less than [bit/s]."""

    median_bps: float | None
    low_bps: float | None


@dataclass(frozen=True)
class GroupRates:
    """A group of terminals with service: its name, whether a variant adds it, and what it gets."""

    name: str
    added: bool
    now: Gets
    busy: Gets


@dataclass(frozen=True)
class Growth:
    """What the terminals of an operator would get at the busy hour, by their number, ascending.

    times: the number in terms of those in the field; gets: of all that the operator could serve, 0 for those without.
    """

    operator: str
    times: tuple[float, ...]
    terminals: tuple[float, ...]
    gets: tuple[Gets, ...]


@dataclass(frozen=True)
class Rates:
    """What a variant gives: rates, terminals under the usable rate, capacity and its part of intact, and what binds.

    held: share of terminals that each kind of bottleneck holds back; bottleneck: the kind that holds back most;
    gateway: the one whose antennas do.
    """

    now: Gets
    busy: Gets
    degraded: float
    capacity_bps: float | None
    kept: float | None
    held: dict[str, float]
    bottleneck: str | None
    gateway: str | None
    groups: tuple[GroupRates, ...]
    growth: tuple[Growth, ...]

    @property
    def added(self) -> Gets | None:
        """What the group gets that the variant adds, if it is one."""
        found = [group.busy for group in self.groups if group.added]
        return found[0] if len(found) == 1 else None


def parse_rates(part: dict[str, Any] | None) -> Rates | None:
    """The rates of a variant from its JSON; None where the run has none. Raises `KeyError` for a missing key."""
    if part is None:
        return None
    return Rates(
        now=_gets(part["now_bps"]),
        busy=_gets(part["busy_bps"]),
        degraded=part["degraded_terminals"],
        capacity_bps=part["capacity_bps"],
        kept=part["capacity_kept"],
        held=part["bottlenecks"],
        bottleneck=part["bottleneck"],
        gateway=part["bottleneck_gateway"],
        groups=tuple(
            GroupRates(group["name"], group["added"], _gets(group["now_bps"]), _gets(group["busy_bps"]))
            for group in part["groups"]
        ),
        growth=tuple(_growth(operator, points) for operator, points in part["growth"].items()),
    )


def _gets(part: dict[str, float | None]) -> Gets:
    return Gets(part["median"], part["p10"])


def _growth(operator: str, points: list[dict[str, float]]) -> Growth:
    ordered = sorted(points, key=lambda point: point["times"])
    return Growth(
        operator,
        tuple(point["times"] for point in ordered),
        tuple(point["terminals"] for point in ordered),
        tuple(Gets(point["median_bps"], point["p10_bps"]) for point in ordered),
    )
