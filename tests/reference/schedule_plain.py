"""The schedule of a slot without lasers, written for reading: dicts, loops and recursion.

With it, small random slots to try on: few lengths, so that paths are often equal, few antennas and places, and some
fibres off.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from obrii.service.preference import POLICIES, UNRANKED, Choice

#: No limit to the antennas of a gateway.
UNLIMITED = -1


@dataclass(frozen=True)
class Slot:
    """Ranges [m] of cells to satellites and of satellites to gateways; fibre [m] of PoPs to gateways, inf where off.

    capacity: places of every satellite, or of each.
    """

    sights: list[dict[int, float]]
    landings: list[dict[int, float]]
    fibre_m: list[list[float]]
    pop: list[int]
    antennas: list[int]
    capacity: int | list[int]

    def live(self, cell: int) -> list[int]:
        """Satellites that a cell sees and that see a gateway with fibre to its PoP."""
        if self.pop[cell] < 0:
            return []
        fibre_m = self.fibre_m[self.pop[cell]]
        return [s for s in self.sights[cell] if any(fibre_m[gateway] < math.inf for gateway in self.landings[s])]

    def order(self) -> list[int]:
        """Cells that can be reached, those with the fewest satellites first."""
        return sorted((cell for cell in range(len(self.pop)) if self.live(cell)), key=lambda cell: len(self.live(cell)))

    def cells(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Sight lines of the cells as ptr, satellite, range [m]."""
        return _rows(self.sights)

    def ground(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Gateways in sight of the satellites as ptr, gateway, range [m], and fibre [m] (pop, gateway)."""
        fibre_m = np.array(self.fibre_m, float).reshape(len(self.fibre_m), len(self.antennas))
        fibre_m.setflags(write=False)
        return *_rows(self.landings), fibre_m

    def room(self) -> np.ndarray:
        """Places of each satellite, (satellite,) i4."""
        return _frozen(np.zeros(len(self.landings), np.int32) + np.array(self.capacity, np.int32))

    def way_m(self, cell: int, s: int, gateway: int) -> float:
        """From a satellite over a gateway to the PoP of a cell."""
        return self.landings[s][gateway] + self.fibre_m[self.pop[cell]][gateway]


def wishes(slot: Slot, seed: int, margin_m: float = 1e9) -> dict[str, tuple[Choice, np.ndarray]]:
    """Every policy, and a rank of all sight lines where it has one, drawn: as if satellites moved any way."""
    rng = np.random.default_rng(seed)
    sights = sum(len(seen) for seen in slot.sights)
    ranked = ("highest-elevation", "most-lasting")
    return {
        policy: (
            Choice(policy, 0.0 if policy == "least-path" else margin_m),
            _frozen(rng.random(sights, np.float32)) if policy in ranked else UNRANKED,
        )
        for policy in POLICIES
    }


def _frozen(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array


def _rows(seen: list[dict[int, float]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    ptr = np.cumsum([0] + [len(row) for row in seen])
    index = np.array([k for row in seen for k in row], np.int32)
    range_m = np.array([m for row in seen for m in row.values()], np.float32)
    for array in (ptr, index, range_m):
        array.setflags(write=False)
    return ptr, index, range_m


@dataclass
class Plan:
    """Antennas left at each gateway, the gateway that follows each satellite, the satellite of each cell."""

    free: list[float]
    gateway_of: dict[int, int]
    satellite_of: dict[int, int]

    def used(self, s: int) -> int:
        return list(self.satellite_of.values()).count(s)

    def follow(self, s: int, gateway: int) -> None:
        if s in self.gateway_of:
            self.free[self.gateway_of[s]] += 1
        self.free[gateway] -= 1
        self.gateway_of[s] = gateway


def nothing_yet(slot: Slot) -> Plan:
    return Plan([math.inf if count < 0 else count for count in slot.antennas], {}, {})


def greedy(slot: Slot, plan: Plan) -> None:
    """Each cell in turn takes its least whole path; a satellite that nothing follows yet may take any free antenna."""
    for cell in slot.order():
        paths = []
        for s in slot.live(cell):
            if plan.used(s) >= slot.room()[s]:
                continue
            at = [plan.gateway_of[s]] if s in plan.gateway_of else [g for g in slot.landings[s] if plan.free[g] > 0]
            paths += [(slot.sights[cell][s] + slot.way_m(cell, s, gateway), s, gateway) for gateway in at]
        length_m, s, gateway = min(paths, default=(math.inf, -1, -1))
        if length_m < math.inf:
            if s not in plan.gateway_of:
                plan.follow(s, gateway)
            plan.satellite_of[cell] = s


def greedy_by_rank(
    slot: Slot,
    plan: Plan,
    rank: list[dict[int, float]] | None,
    margin_m: float,
    kept: dict[int, int],
    hysteresis_m: float,
) -> None:
    """Each cell keeps what it had, or takes the highest rank among the paths that are hardly longer than its best.

    rank: of each cell's satellites, None for the part of places left.
    """
    for cell in slot.order():
        paths: dict[int, tuple[float, int]] = {}
        for s in slot.live(cell):
            if plan.used(s) < slot.room()[s]:
                at = [plan.gateway_of[s]] if s in plan.gateway_of else [g for g in slot.landings[s] if plan.free[g] > 0]
                ways = [(slot.sights[cell][s] + slot.way_m(cell, s, gateway), gateway) for gateway in at]
                paths[s] = min(ways, default=(math.inf, -1))
        least = min((length_m for length_m, _ in paths.values()), default=math.inf)
        if least == math.inf:
            continue
        had = kept.get(cell, -1)
        if had in paths and paths[had][0] <= least + hysteresis_m:
            chosen = had
        else:
            near = [s for s, (length_m, _) in paths.items() if length_m <= least + margin_m]
            high = {s: -plan.used(s) / slot.room()[s] if rank is None else rank[cell][s] for s in near}
            chosen = min(near, key=lambda s: (-high[s], paths[s][0], s))
        if chosen not in plan.gateway_of:
            plan.follow(chosen, paths[chosen][1])
        plan.satellite_of[cell] = chosen


def free_antenna(slot: Slot, plan: Plan, s: int, pop: int) -> bool:
    """Follow a satellite, if need be after moving others to another gateway with all the fibre they have now."""

    def leads(gateway: int) -> set[int]:
        return {pop for pop, fibre_m in enumerate(slot.fibre_m) if fibre_m[gateway] < math.inf}

    free = [g for g in slot.landings[s] if plan.free[g] > 0 and pop in leads(g)]
    if free:
        plan.follow(s, min(free, key=lambda g: slot.landings[s][g] + slot.fibre_m[pop][g]))
        return True
    ways = [[(s, gateway)] for gateway in slot.landings[s] if pop in leads(gateway)]
    seen = {way[0][1] for way in ways}
    for way in ways:
        gateway = way[-1][1]
        if plan.free[gateway] > 0:
            for mover, to in reversed(way):
                plan.follow(mover, to)
            return True
        for other in sorted(plan.gateway_of):
            if plan.gateway_of[other] == gateway:
                for to in slot.landings[other]:
                    if to not in seen and leads(gateway) <= leads(to):
                        seen.add(to)
                        ways.append([*way, (other, to)])
    return False


def point(slot: Slot, plan: Plan) -> None:
    """Antennas first, each to the satellite that can serve the most cells that none before it serves."""
    unserved = slot.order()
    hopeful = set(range(len(slot.landings)))
    while hopeful:
        seers = {s: [cell for cell in unserved if s in slot.live(cell)] for s in sorted(hopeful)}
        best = max(seers, key=lambda s: (min(len(seers[s]), slot.room()[s]), len(seers[s])))
        hopeful.remove(best)
        taken = 0
        for cell in seers[best]:
            if taken < slot.room()[best] and best not in plan.gateway_of:
                free_antenna(slot, plan, best, slot.pop[cell])
            followed = taken < slot.room()[best] and best in plan.gateway_of
            if followed and slot.way_m(cell, best, plan.gateway_of[best]) < math.inf:
                unserved.remove(cell)
                taken += 1


def most_served(slot: Slot, gateway_of: dict[int, int]) -> int:
    """How many cells antennas that point so can serve: each in turn, moving others as far as it takes.

    H. W. Kuhn, "The Hungarian method for the assignment problem", Naval Research Logistics Quarterly 2 (1955).
    """
    carried: dict[int, list[int]] = {s: [] for s in gateway_of}

    def place(cell: int, tried: set[int]) -> bool:
        for s in set(slot.live(cell)) & set(gateway_of) - tried:
            if slot.way_m(cell, s, gateway_of[s]) == math.inf or s in tried:
                continue
            tried.add(s)
            if len(carried[s]) < slot.room()[s]:
                carried[s].append(cell)
                return True
            for other in carried[s]:
                if place(other, tried):
                    carried[s].remove(other)
                    carried[s].append(cell)
                    return True
        return False

    return sum(place(cell, set()) for cell in slot.order())


@st.composite
def slots(draw, unlimited: bool = False, all_fibre: bool = False) -> Slot:
    """Up to 24 cells, eleven satellites, five gateways and three PoPs."""
    seed = draw(st.integers(0, 2**32 - 1))
    return drawn(seed, draw(st.sampled_from([0.25, 0.5, 0.8])), unlimited, all_fibre)


def drawn(seed: int, share: float, unlimited: bool = False, all_fibre: bool = False) -> Slot:
    """A slot of a seed in which a share of all pairs are in sight."""
    rng = np.random.default_rng(seed)
    cells, satellites, gateways, pops = (
        int(rng.integers(low, high)) for low, high in ((0, 25), (0, 12), (0, 6), (1, 4))
    )
    few_lengths = rng.random() < 0.5

    def length_m() -> float:
        return float(rng.integers(1, 5) if few_lengths else np.float32(rng.uniform(5e5, 2e6)))

    def seen(count: int) -> dict[int, float]:
        return {k: length_m() for k in range(count) if rng.random() < share}

    off = 0.0 if all_fibre else 0.2
    return Slot(
        sights=[seen(satellites) for _ in range(cells)],
        landings=[seen(gateways) for _ in range(satellites)],
        fibre_m=[[math.inf if rng.random() < off else length_m() for _ in range(gateways)] for _ in range(pops)],
        pop=[int(rng.integers(0 if all_fibre else -1, pops)) for _ in range(cells)],
        antennas=[UNLIMITED if unlimited else int(rng.integers(0, 3)) for _ in range(gateways)],
        capacity=int(rng.integers(1, 5)) if rng.random() < 0.5 else rng.integers(0, 5, satellites).tolist(),
    )


def without(slot: Slot, satellites: set[int] = frozenset(), gateways: set[int] = frozenset()) -> Slot:
    """The same slot after a loss."""
    return replace(
        slot,
        sights=[{s: m for s, m in seen.items() if s not in satellites} for seen in slot.sights],
        fibre_m=[[math.inf if g in gateways else m for g, m in enumerate(row)] for row in slot.fibre_m],
    )
