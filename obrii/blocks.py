"""From the sky to a person, one block of steps: the only module that knows the whole order.

    sky_block(scenario, steps)   positions, sight lines, lasers of a block of steps, shared by every variant
    serve_block(sky, variant)    what is off, and what is left for whom, of one variant

Where an operator's steps remember each other, `serve_after` takes what the block before left, and hands on what
this one leaves. All are pure: the same arguments give the same arrays, in any thread or process. The first stands in
`sky`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from obrii import pair_ways, schema
from obrii.network.degraded import Degraded
from obrii.network.outages import Outages
from obrii.scenario.acting import Acting, acting_over, moves, outages, worse
from obrii.scenario.parts import Variant
from obrii.scenario.stage import Stage, stage
from obrii.service.preference import NOTHING
from obrii.service.slot import Offer, OnOfOperator, SkyOfOperator, blank, on_of_operator, same_ground, serve, way_down
from obrii.sky import Sky, as_seen, at_step, rank_at, under_masks
from obrii.slot_rates import rates

#: Steps computed together: enough to keep calls cheap, few enough to keep memory small [assumption, measured].
BLOCK_STEPS = 24

#: What the cells of each operator had in a step, (cell,) i4 each, empty where the operator does not remember it.
Kept = tuple[np.ndarray, ...]


def serve_block(sky: Sky, variant: Variant, before: Kept | None = None) -> dict[str, np.ndarray]:
    """What one variant leaves of a block of steps, as arrays by the names of `schema`, without the variant axis.

    before: as for `serve_after`.
    """
    return serve_after(sky, variant, before)[0]


def serve_after(sky: Sky, variant: Variant, before: Kept | None) -> tuple[dict[str, np.ndarray], Kept]:
    """The same, and what the cells have at the end of the block, for the next one.

    before: what they had at the end of the block before, None where there is none or where it does not matter. Windows
    never remember each other.
    """
    world = stage(sky.scenario).of(variant)
    sky = as_seen(sky, world)
    utc = world.grid.utc[sky.steps]
    groups, area = len(world.ground.groups), world.ground.area
    out = blank(len(utc), groups, area) if area else {}
    rows: list[dict[str, np.ndarray]] = []
    states: dict[tuple[Any, ...], _State] = {}
    nothing: Kept = (NOTHING,) * len(world.networks)
    kept, window = before or nothing, world.grid.window
    # Steps in which nothing happens are the same in all variants with the same settings.
    quiet: dict[int, tuple[dict[str, np.ndarray], dict[str, np.ndarray]]] = (
        {} if world.remembers else sky.memory.setdefault(("quiet", world.settings), {})
    )
    acting_at = acting_over(world, variant, utc)
    for step, acting in enumerate(acting_at):
        if not acting and step in quiet:
            terminals, row = quiet[step]
            for name, array in terminals.items():
                out[name][step] = array
            rows.append(row)
            continue
        xyz_m = sky.xyz_m[step] if moves(world, acting) else None
        state = (acting, -1 if xyz_m is None else step)
        if state not in states:
            last = step if xyz_m is not None else len(utc) - 1 - acting_at[::-1].index(acting)
            latest = next(reversed(states.values()), None)
            states[state] = _state(world, sky, acting, xyz_m, slice(step, last + 1), latest)
        now = sky.steps.start + step
        if now and window[now] != window[now - 1]:
            kept = nothing
        offers = _offers(world, step, states[state], kept) if len(world.cells) else []
        kept = tuple(
            offer.slot.satellite if choice.remembers else NOTHING
            for offer, choice in zip(offers, world.choices, strict=False)
        )
        terminals = {name: array[step] for name, array in out.items()}
        rows.append(_serve_step(world, step, states[state], offers, terminals))
        if not acting:
            quiet[step] = terminals, rows[-1]
    for name in rows[0]:
        dtype = np.dtype(schema.VARIABLES[name].dtype)
        out[name] = _stacked([row[name] for row in rows]).astype(dtype, copy=False)
    if area:
        away = (out["present"] == 0.0)[:, :, None]
        out["served"] = np.where(away, np.int8(-1), (out["reason"] == 0).astype(np.int8))
        out["reachable"] = np.where(away, np.int8(-1), out["reachable"])
    return out, kept


@dataclass(frozen=True)
class _State:
    """What is on while the same events act: of all operators, and cut out for each of them.

    worse: links that the events degrade; sky: what is seen then, raised: what decides that, empty where nothing is as
    it was not before, one an operator.
    """

    off: Outages
    operators: tuple[OnOfOperator, ...]
    worse: tuple[Degraded, ...]
    sky: Sky
    raised: tuple[bytes, ...]


def _state(
    world: Stage,
    sky: Sky,
    acting: tuple[Acting, ...],
    xyz_m: np.ndarray | None,
    steps: slice,
    latest: _State | None,
) -> _State:
    """steps: of the block, those in which these events act and no others, and maybe some in between; latest: another
    state of the block, None at first."""
    off, degraded = outages(world, acting, xyz_m), worse(world, acting, xyz_m)
    laser = sky.lit(off)
    on = off if laser is off.laser else replace(off, laser=laser)
    alike = latest.operators if latest is not None and same_ground(off, latest.off) else (None,) * len(world.networks)
    operators = []
    for k, (network, like) in enumerate(zip(world.networks, alike, strict=True)):
        own = slice(int(world.first[k]), int(world.first[k + 1]))
        operators.append(on_of_operator(on, network, k, own, sky.laser_operator == k, like))
    return _State(off, tuple(operators), degraded, *under_masks(sky, world, degraded, steps))


def _serve_step(
    world: Stage, step: int, state: _State, offers: list[Offer], terminals: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Everything of one step of a variant: fills in what terminals get, (group, cell), and returns the rest."""
    out: dict[str, np.ndarray] = {}
    area, costs, sky = world.ground.area, world.costs, state.sky
    if area:
        cells = slice(0, area)
        for group, operators in enumerate(world.ground.groups.operators):
            if not state.off.present[group]:
                continue
            row = [array[group] for array in terminals.values()]
            for k in operators:
                offers[k].fill(cells, group, world.networks[k].group_home[group], costs, row)
        out["present"] = state.off.present
        used = [offer.gateways(area) for offer in offers]
        for name in ("antennas_used", "cells_served", "halo_cells_served"):
            out[name] = np.concatenate([each[name] for each in used])
        out["satellites_used"] = np.array([each["satellites_used"] for each in used])
        if world.demand is not None:
            memory = sky.memory.setdefault(("settings", world.settings), {})
            out |= rates(
                world,
                world.demand,
                offers,
                terminals,
                out["present"],
                state.off.limit_bps,
                state.worse,
                sky.steps.start + step,
                memory,
            )
    if world.ground.pairs:
        out |= pair_ways.pairs(world, sky, step, state.off, offers)
    return out


def _offers(world: Stage, step: int, state: _State, kept: Kept) -> list[Offer]:
    offers, sky = [], state.sky
    first_gateway = first_pop = 0
    costs = world.costs
    for k, (network, on) in enumerate(zip(world.networks, state.operators, strict=True)):
        low = int(world.first[k])
        own_lasers = sky.laser_operator == k
        near, number, ways = sky.near[k].at(step, network.lasers)
        seen = SkyOfOperator(
            near,
            number,
            *at_step(sky.cell_sights[k], step),
            sky.cell_blocked[k][step],
            ways,
            sky.links.a[own_lasers] - low,
            sky.links.b[own_lasers] - low,
            sky.laser_range_m[step][own_lasers],
            rank_at(sky.cell_sights[k], sky.cell_rank[k], step),
        )
        # Variants that do not differ in what flies, or in who is to be scheduled, share the work.
        rules = world.rules[k], state.raised[k]
        flies, serves = (k, step, rules, *on.flies), (k, step, rules, *on.serves, kept[k].tobytes())
        if flies not in sky.memory:
            sky.memory[flies] = way_down(seen, on, network, costs)
        if serves not in sky.memory:
            sky.memory[serves] = serve(seen, on, network, sky.memory[flies], world.choices[k], kept[k])
        first = np.array([k, low, first_gateway, first_pop], np.int32)
        offers.append(Offer(sky.memory[serves], seen, on, network, first))
        first_gateway += len(network.gateways)
        first_pop += len(network.pops)
    return offers


def _stacked(steps: list[np.ndarray]) -> np.ndarray:
    """Arrays of all steps on a leading axis; routes are padded to the longest."""
    longest = max(array.shape[-1] for array in steps) if steps[0].ndim else 0
    return np.stack([padded(array, longest) for array in steps])


def padded(array: np.ndarray, longest: int) -> np.ndarray:
    """An array whose last axis is filled up with -1 to a length."""
    if not array.ndim or array.shape[-1] == longest:
        return array
    width = [(0, 0)] * (array.ndim - 1) + [(0, longest - array.shape[-1])]
    return np.pad(array, width, constant_values=-1)
