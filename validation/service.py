"""Who can be reached and who is served: against every pair tried, maximum flow and the true optimum."""

from __future__ import annotations

import math
from collections import Counter
from functools import cache

import numpy as np

from obrii import Scenario, serve_block, sky_block
from obrii.constants import LIGHT_M_S
from obrii.orbits import propagation
from obrii.routing.waydown import Landings, bent_pipe
from obrii.scenario.acting import acting_events, outages
from obrii.scenario.parts import POLICY_MARGIN_MS
from obrii.scenario.stage import stage
from obrii.service.preference import POLICIES, Choice, View
from obrii.service.scheduler import schedule
from obrii.service.slot import on_of_operator
from obrii.timegrid import nanoseconds
from tests.reference import reach_plain, schedule_plain
from tests.reference.reach_plain import Places
from tests.reference.schedule_plain import UNLIMITED, Slot, wishes
from tests.truth.test_ukraine_reach import FLOAT32_SINE, LOST, PRESET, on, standing, starlink
from validation.optimum import Choices, flow, programme
from validation.record import Effort, Finding, Validation

#: Variant of the built-in scenario in which antennas are scarcest.
SCARCE = "gateways in Poland, Lithuania and Türkiye lost"

#: How much longer than the best a path may be that a policy chooses: 2 ms one way, the default.
MARGIN_M = 1e-3 * POLICY_MARGIN_MS * LIGHT_M_S


@cache
def preset() -> Scenario:
    """The built-in scenario."""
    return Scenario.read(PRESET)


def cells() -> Places:
    """Cells of the area with the mask of terminals."""
    world = stage(preset())
    of = slice(0, world.ground.area)
    mask = np.full(world.ground.area, preset().operator[0].user_min_elevation_deg)
    return Places(world.cells.latitude_deg[of], world.cells.longitude_deg[of], np.zeros(len(mask)), mask)


def gateways() -> Places:
    """Gateways with their own masks, or the operator's."""
    sites = stage(preset()).sites
    of = (sites.role == "gateway") & (sites.operator == "starlink")
    own = sites.min_elevation_deg[of]
    mask = np.where(np.isnan(own), preset().operator[0].gateway_min_elevation_deg, own)
    return Places(sites.latitude_deg[of], sites.longitude_deg[of], sites.altitude_m[of], mask)


@cache
def _reach(effort: Effort) -> tuple[int, int, str, str]:
    """Cells whose reach is wrong, served cells whose satellite or gateway is out of sight or off, what was tried."""
    slots = range(3, 480, effort.of(360, 20, 1))
    world, wrong, unseen, near, judged, served = stage(preset()), 0, 0, 0, 0, 0
    satellites = reach_plain.propagate(starlink(preset()))
    who, down = cells(), gateways()
    for slot in slots:
        sky = sky_block(preset(), slice(slot, slot + 1))
        where_m = reach_plain.positions_m(satellites, world.grid.utc[slot])
        cell_sine, gateway_sine = reach_plain.sines(who, where_m), reach_plain.sines(down, where_m)
        surely, perhaps = (
            (reach_plain.seen(who, cell_sine, by), reach_plain.seen(down, gateway_sine, by))
            for by in (FLOAT32_SINE, -FLOAT32_SINE)
        )
        for variant in (each for each in preset().variants() if each.name in LOST):
            arrays = {name: array[0] for name, array in standing(preset(), serve_block(sky, variant)).items()}
            working = on(preset(), variant.name, slot)
            least, most = reach_plain.reachable(*surely, working), reach_plain.reachable(*perhaps, working)
            found = arrays["reachable"].astype(bool)
            wrong += int((least & ~found).sum() + (found & ~most).sum())
            near, judged = near + int((least != most).sum()), judged + found.size
            _, cell = np.nonzero(arrays["served"])
            satellite, gateway = (arrays[name][arrays["served"] == 1] for name in ("satellite", "gateway"))
            sees = perhaps[0][cell, satellite] & perhaps[1][gateway, satellite] & working[gateway]
            unseen, served = unseen + int((~sees).sum()), served + len(cell)
    tried = f"{len(slots)} slots of three variants, {judged:,} judgements, of which {near} within rounding of a mask"
    return wrong, unseen, tried, f"{served:,} services in the same slots"


def reach(effort: Effort) -> Finding:
    """Cells that see a satellite that sees a working gateway."""
    wrong, _, tried, _ = _reach(effort)
    return Finding(wrong, tried)


def sights_used(effort: Effort) -> Finding:
    """Whether who is served sees its satellite, and that satellite a gateway that works."""
    _, unseen, _, tried = _reach(effort)
    return Finding(unseen, tried)


def scheduled(slot: Slot, wish: tuple[Choice, np.ndarray]) -> int:
    """Cells of a drawn slot that our schedule serves under a policy."""
    ptr, gateway, range_m, fibre_m = slot.ground()
    every, flying = np.ones(len(slot.antennas), bool), np.ones(len(slot.landings), bool)
    way = bent_pipe(Landings(ptr, gateway, range_m), flying, every, every, fibre_m, np.array(slot.antennas))
    pop = np.array(slot.pop, np.int32)
    return int((schedule(*slot.cells(), pop, pop >= 0, way, slot.room(), *wish).satellite >= 0).sum())


def choices(slot: Slot) -> Choices:
    """A drawn slot as the solvers want it."""
    live = [slot.live(cell) for cell in range(len(slot.pop))]
    ptr, gateway, _, fibre_m = slot.ground()
    return Choices(
        cell=np.repeat(np.arange(len(live)), [len(seen) for seen in live]),
        satellite=np.array([s for seen in live for s in seen], int),
        pop=np.array(slot.pop, int),
        lander=np.repeat(np.arange(len(slot.landings)), np.diff(ptr)),
        gateway=gateway,
        fibre=np.isfinite(fibre_m),
        antennas=np.array([np.inf if count == UNLIMITED else count for count in slot.antennas]),
        satellites=len(slot.landings),
        capacity=slot.room(),
    )


def drawn_flow(effort: Effort) -> Finding:
    """Cells that small slots with antennas for all leave out, though a maximum flow serves them."""
    draws, off, served = effort.of(30, 2_000, 50_000), 0, 0
    for seed in range(draws):
        slot = schedule_plain.drawn(seed, (0.25, 0.5, 0.8)[seed % 3], unlimited=True, all_fibre=True)
        most = flow(choices(slot))
        for wish in wishes(slot, seed).values():
            ours = scheduled(slot, wish)
            off, served = max(off, abs(most - ours)), served + ours
    tried = f"{draws:,} drawn slots of up to 24 cells and 11 satellites, under {len(POLICIES)} policies"
    return Finding(off, f"{tried}, {served:,} cells served")


def drawn_scarce(effort: Effort) -> Finding:
    """What small slots with few antennas and broken fibre lose against the optimum, at worst."""
    draws, worst, best, ours, short = effort.of(30, 1_000, 20_000), 0.0, 0, Counter[str](), Counter[str]()
    for seed in range(draws):
        slot = schedule_plain.drawn(seed, (0.25, 0.5, 0.8)[seed % 3])
        most = round(programme(choices(slot), whole=True))
        best += most
        for policy, wish in wishes(slot, seed).items():
            found = scheduled(slot, wish)
            if found > most:
                return Finding(math.nan, f"slot {seed} serves more than the optimum under {policy}")
            worst = max(worst, 1 - found / most if most else 0.0)
            ours[policy] += found
            short[policy] += found < most
    each = "; ".join(f"{policy} {ours[policy]:,}, short in {short[policy]}" for policy in POLICIES)
    return Finding(1e2 * worst, f"{draws:,} drawn slots; of {best:,} cells in all {each}")


def _later(slot: int, wait_s: float) -> np.ndarray:
    """Positions so many seconds after a slot begins, (1, 3, satellite) [m]."""
    world = stage(preset())
    return propagation.positions(world.propagators[0], world.grid.utc[slot : slot + 1] + nanoseconds(wait_s))


def _whole(slot: int, variant_name: str, antennas: int | None = None) -> tuple[dict[str, int], Choices]:
    """Cells of area and halo that every policy serves in a slot, and what the solvers need to know of it.

    antennas: so many at every gateway, None for those that it has.
    """
    world, network = stage(preset()), stage(preset()).networks[0]
    variant = next(each for each in preset().variants() if each.name == variant_name)
    sky = sky_block(preset(), slice(slot, slot + 1))
    off = outages(world, acting_events(preset(), variant, world.grid.utc[slot]))
    on_now = on_of_operator(off, network, 0, slice(0, int(world.first[1])), sky.laser_operator == 0)
    down, sights = sky.landings[0][0], sky.cell_sights[0]
    has = network.antennas if antennas is None else np.full(len(network.gateways), antennas, np.int32)
    way = bent_pipe(down, on_now.satellite, on_now.gateway_there, on_now.gateway, on_now.fibre_m, has)
    seen = sights.ptr[0], sights.satellite, sights.range_m
    view = View(world.cell_observers[0], sights, sky.xyz_m, lambda wait_s: _later(slot, wait_s))
    served = {}
    for policy in POLICIES:
        choice = Choice(policy, 0.0 if policy == "least-path" else MARGIN_M)
        wish = (choice, choice.ranks(view))
        found = schedule(*seen, on_now.pop, on_now.wanted, way, network.capacity, *wish)
        served[policy] = int((found.satellite >= 0).sum())
    lander = np.repeat(np.arange(len(on_now.satellite)), np.diff(down.ptr))
    works = on_now.gateway[down.gateway] & on_now.satellite[lander]
    fibre = np.isfinite(on_now.fibre_m)
    lands = np.zeros((len(fibre), len(on_now.satellite)), bool)
    for pop, row in enumerate(fibre):
        lands[pop, lander[works & row[down.gateway]]] = True
    cell = np.repeat(np.arange(len(on_now.pop)), sights.count[0])
    live = on_now.wanted[cell] & lands[on_now.pop[cell], sights.satellite]
    return served, Choices(
        cell=cell[live],
        satellite=sights.satellite[live],
        pop=on_now.pop,
        lander=lander[works],
        gateway=down.gateway[works],
        fibre=fibre,
        antennas=np.where(has < 0, np.inf, has),
        satellites=len(on_now.satellite),
        capacity=network.capacity,
    )


def whole_slots(effort: Effort) -> Finding:
    """Cells of the built-in scenario left out, though a maximum flow without limit of antennas serves them."""
    slots, off, served = range(125, 480, effort.of(300, 30, 2)), 0, 0
    for slot in slots:
        for variant in ("intact", SCARCE):
            ours, others = _whole(slot, variant)
            most = flow(others)
            off, served = max(off, *(abs(most - each) for each in ours.values())), served + sum(ours.values())
    tried = f"{len(slots)} slots, intact and with the gateways of three countries lost, {len(POLICIES)} policies"
    return Finding(off, f"{tried}, {served:,} served")


def whole_scarce_slots(effort: Effort) -> Finding:
    """The same with few antennas at every gateway: what is left out, against a linear bound."""
    cases = effort.of(
        [(3, 125)], [(1, 125), (1, 300), (2, 125), (3, 300)], [(n, k) for n in (1, 2, 3) for k in range(125, 480, 20)]
    )
    worst, tried = 0.0, []
    for antennas, slot in cases:
        ours, others = _whole(slot, SCARCE, antennas)
        # No schedule serves a part of a cell; the rest is what the solver rounds.
        bound = math.floor(programme(others, whole=False) + 1e-6)
        worst = max(worst, 1 - min(ours.values()) / bound)
        tried.append(f"{min(ours.values()):,} to {max(ours.values()):,} of {bound:,}")
    return Finding(1e2 * worst, f"1 to 3 antennas a gateway, those of three countries lost: {', '.join(tried[:6])}")


VALIDATIONS = (
    Validation(
        "which cells can be reached, built-in scenario",
        "every pair of cell, satellite and gateway, positions by the sgp4 package (`reach_plain`)", "cells", 0,
        "None may differ but those that rounding to float32 (3e-6 in the sine) decides.", reach,
    ),
    Validation(
        "who is served sees a satellite that sees a working gateway", "every pair (`reach_plain`)", "cells", 0,
        "None may differ.", sights_used,
    ),
    Validation(
        "as many cells served as can be, antennas for all", "maximum flow (SciPy)", "cells", 0,
        "Whole numbers; the schedule claims the maximum where it lacks no antenna.", drawn_flow,
    ),
    Validation(
        "cells served in whole slots of the built-in scenario", "maximum flow without limit of antennas", "cells", 0,
        "Whole numbers; antennas suffice in these slots, or the bound could not be reached.", whole_slots,
    ),
    Validation(
        "cells served where antennas and fibre are scarce", "the optimum (integer programme, HiGHS)", "% fewer", 50.0,
        "No maximum is claimed here: in slots of a few cells, losing one is much. Half is what greedy choices under a "
        "matroid reach at worst (Fisher, Nemhauser and Wolsey 1978).", drawn_scarce,
    ),
    Validation(
        "cells served in whole slots with few antennas", "linear bound above the optimum (HiGHS)", "% fewer", 5.0,
        "No maximum is claimed here, and the bound itself need not be reached.", whole_scarce_slots,
    ),
)  # fmt: skip
