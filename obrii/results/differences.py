"""What changes from one variant to another, place by place: a row a country, region, town, cell, group or strip.

What a place counts is said in `placed`; `DEFINITIONS` says what every column is. A value that is not there is NaN, and
a name that is not there is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from obrii.errors import ScenarioError
from obrii.results.compare import Difference
from obrii.results.placed import Placed, by_label, ratio
from obrii.results.sides import STATIONS
from obrii.results.summary import MEAN, MILLISECONDS, PEOPLE, SECONDS, SHARE, TERMINALS

#: What every column is, in the order in which they stand; before and after are the two variants that are compared.
DEFINITIONS = {
    "people": "People who live there.",
    "terminals_before_mean": "Terminals in the field before, in the mean of the measured time.",
    "terminals_after_mean": "Terminals in the field after, in the mean of the measured time.",
    "terminals_lost_mean": "Terminals with service before and without it after in the same step, mean.",
    "terminals_gained_mean": "Terminals with service after and without it before in the same step, mean.",
    "terminals_degraded_mean": (
        "Terminals with service before and after that get less than is of use at the busy hour after, and not before, "
        "mean."
    ),
    "people_lost_mean": "People of the cell times the share of its terminals that lose service, mean.",
    "people_gained_mean": "People of the cell times the share of its terminals that gain service, mean.",
    "share_lost": "Lost over what was served before.",
    "share_gained": "Gained over what was served before.",
    "share_slower": "What both serve and whose way takes more than half as long again after, over what both serve.",
    "minutes_without_before": (
        "Time that a terminal was without service before, mean over terminals in the field before and after."
    ),
    "minutes_without_after": (
        "Time that a terminal was without service after, mean over terminals in the field before and after."
    ),
    "longest_gap_before_s": (
        "Longest time without service before, of any group in any cell that counts there, in the field before and "
        "after."
    ),
    "longest_gap_after_s": (
        "Longest time without service after, of any group in any cell that counts there, in the field before and after."
    ),
    "gaps_before_mean": (
        "Times that service broke off or was not there before, mean over terminals in the field before and after."
    ),
    "gaps_after_mean": (
        "Times that service broke off or was not there after, mean over terminals in the field before and after."
    ),
    "rtt_before_ms": "Median delay before, of what both serve.",
    "rtt_after_ms": "Median delay after, of what both serve.",
    "rtt_stretch": "Median delay after over that before.",
    "rate_kept": "What active terminals get together at the busy hour after, over what they got before.",
    "operator": "Operator that took over most of those that another one served before.",
    "gateway": "Gateway that took over most of those that came down at another one before.",
    "pop": "PoP that took over most of those that entered the internet at another one before.",
}

#: Columns of `moves`.
MOVES = {
    "before": "Who carried them before; empty where nobody did.",
    "after": "Who carries them after; empty where nobody does.",
    "terminals_mean": "Terminals in the mean of the measured time.",
}


def by(difference: Difference, label: np.ndarray, name: str = "place") -> dict[str, np.ndarray]:
    """Columns of `DEFINITIONS` for places that cells belong to, sorted; name: of the column of their labels.

    label (cell,) str: place of each cell, empty for none, as a strip along a border has it. Raises ScenarioError where
    there is not one for each cell.
    """
    names, places = by_label(label, difference.ground.terminals.shape)
    return {name: names, **_rows(difference, places), **_takers(difference, places)}


def by_country(difference: Difference) -> dict[str, np.ndarray]:
    """As `by`, for countries; the sea has none."""
    return by(difference, difference.ground.country, "country")


def by_region(difference: Difference) -> dict[str, np.ndarray]:
    """As `by`, for regions, where a table of them ships."""
    return by(difference, difference.ground.region, "region")


def by_cell(difference: Difference) -> dict[str, np.ndarray]:
    """As `by`, for cells in the order of `ground`: cell u8, latitude_deg, longitude_deg and all columns."""
    shape = difference.ground.terminals.shape
    every = np.arange(shape[1])
    places = Placed(np.broadcast_to(every, shape), shape[1])
    return {**_where(difference, every), **_rows(difference, places), **_takers(difference, places)}


def by_group(difference: Difference) -> dict[str, np.ndarray]:
    """As `by`, for groups of terminals in their order, without who took over.

    People of cells in which no group has a terminal are nobody's, unless the group has no terminals at all.
    """
    groups, terminals = difference.ground.groups, difference.ground.terminals
    shape = terminals.shape
    theirs = (terminals > 0.0) | ~terminals.any(axis=1, keepdims=True)
    people = np.where(theirs, difference.weights.people, 0.0)
    difference = replace(difference, weights=replace(difference.weights, people=people))
    places = Placed(np.broadcast_to(np.arange(shape[0])[:, None], shape), shape[0])
    return {"group": np.array(groups, np.str_), **_rows(difference, places)}


def by_town(difference: Difference, town: np.ndarray, cell: np.ndarray) -> dict[str, np.ndarray]:
    """As `by`, for towns: what their cells say. town (town,) str; cell (town,) u8, H3; towns elsewhere are left out."""
    ids, shape = difference.ground.cell, difference.ground.terminals.shape
    order = np.argsort(ids)
    place = order[np.minimum(np.searchsorted(ids[order], cell), len(ids) - 1)]
    there = ids[place] == cell
    # Towns of one cell share its row.
    cells, row = np.unique(place[there], return_inverse=True)
    of_cell = np.full(len(ids), -1)
    of_cell[cells] = np.arange(len(cells))
    places = Placed(np.broadcast_to(of_cell, shape), len(cells))
    found = {**_where(difference, cells), **_rows(difference, places), **_takers(difference, places)}
    return {"town": np.asarray(town, np.str_)[there], **{name: values[row] for name, values in found.items()}}


def moves(difference: Difference, kind: str) -> dict[str, np.ndarray]:
    """Who carried whom before and after: columns of `MOVES`, the most first.

    kind: operator, gateway or pop. Raises ScenarioError where the results do not hold it.
    """
    if kind not in difference.takeovers:
        held = ", ".join(difference.takeovers) or "none of " + ", ".join(STATIONS)
        raise ScenarioError(f"compare: the results do not tell the {kind}; they hold {held}")
    takeover = difference.takeovers[kind]
    names = np.array([*takeover.names, ""], np.str_)
    start, end = np.nonzero(takeover.moves > 0.0)
    mean = np.round(takeover.moves[start, end] / difference.measured_s, TERMINALS)
    order = np.argsort(-mean, kind="stable")
    order = order[mean[order] > 0.0]
    return {"before": names[start[order]], "after": names[end[order]], "terminals_mean": mean[order]}


def _rows(difference: Difference, places: Placed) -> dict[str, np.ndarray]:
    """The columns that are numbers."""
    weights = difference.weights
    weight, sums = places.weight(weights), places.sums
    counts = weight > 0.0
    field = [difference.field_before_s[:, None], difference.field_after_s[:, None]]
    stays_s, stays = difference.stays_s[:, None], [difference.stays_before_s, difference.stays_after_s]
    stay = sums(weight * (stays_s > 0.0))
    lost_s, gained_s, both_s = difference.lost_s, difference.gained_s, difference.both_s
    terminals, people = weights.terminals / difference.measured_s, weights.people / difference.measured_s
    usual = sums(weight * difference.served_before_s)
    without_min = [
        ratio(sums(weight * (stays_s - served_s)), sums(weight * stays_s)) * difference.measured_s / 60.0
        for served_s in stays
    ]
    rtt_s = np.full((2, places.count), np.nan)
    if difference.delays is not None:
        rtt_s = difference.delays.medians(places)
    degraded = np.full(places.count, np.nan)
    if difference.degraded_s is not None:
        degraded = sums(terminals * difference.degraded_s)
    rates = difference.rate_before, difference.rate_after
    kept = np.full(places.count, np.nan)
    if rates[0] is not None and rates[1] is not None:
        kept = ratio(sums(weights.terminals * rates[1]), sums(weights.terminals * rates[0]))
    rounded: Mapping[str, tuple[np.ndarray, int]] = {
        "people": (sums(weights.people), PEOPLE),
        "terminals_before_mean": (sums(terminals * field[0]), TERMINALS),
        "terminals_after_mean": (sums(terminals * field[1]), TERMINALS),
        "terminals_lost_mean": (sums(terminals * lost_s), TERMINALS),
        "terminals_gained_mean": (sums(terminals * gained_s), TERMINALS),
        "terminals_degraded_mean": (degraded, TERMINALS),
        "people_lost_mean": (sums(people * lost_s), PEOPLE),
        "people_gained_mean": (sums(people * gained_s), PEOPLE),
        "share_lost": (ratio(sums(weight * lost_s), usual), SHARE),
        "share_gained": (ratio(sums(weight * gained_s), usual), SHARE),
        "share_slower": (ratio(sums(weight * difference.slower_s), sums(weight * both_s)), SHARE),
        "minutes_without_before": (without_min[0], MEAN),
        "minutes_without_after": (without_min[1], MEAN),
        "longest_gap_before_s": (places.highest(counts * difference.longest_before_s), SECONDS),
        "longest_gap_after_s": (places.highest(counts * difference.longest_after_s), SECONDS),
        "gaps_before_mean": (ratio(sums(weight * difference.gaps_before), stay), MEAN),
        "gaps_after_mean": (ratio(sums(weight * difference.gaps_after), stay), MEAN),
        "rtt_before_ms": (1e3 * rtt_s[0], MILLISECONDS),
        "rtt_after_ms": (1e3 * rtt_s[1], MILLISECONDS),
        "rtt_stretch": (rtt_s[1] / rtt_s[0], MEAN),
        "rate_kept": (kept, SHARE),
    }
    # Adding zero turns -0.0 into 0.0.
    return {name: np.round(values, decimals) + 0.0 for name, (values, decimals) in rounded.items()}


def _where(difference: Difference, cell: np.ndarray) -> dict[str, np.ndarray]:
    """What says which cells, and where they are."""
    names = ("cell", "latitude_deg", "longitude_deg")
    return {name: getattr(difference.ground, name)[cell] for name in names}


def _takers(difference: Difference, places: Placed) -> dict[str, np.ndarray]:
    """Who took over most in places that whole cells belong to: names by kind, empty for nobody."""
    found = {kind: np.full(places.count, "", np.str_) for kind in STATIONS}
    if not len(places.place):
        return found
    of_part = difference.parts.places(places)[: difference.parts.count]
    keep = of_part >= 0
    for kind, takeover in difference.takeovers.items():
        total = np.zeros((places.count, len(takeover.names) + 1))
        np.add.at(total[:, :-1], of_part[keep], takeover.taken[keep])
        names = np.array([*takeover.names, ""], np.str_)
        found[kind] = np.where(total.any(axis=1), names[total.argmax(axis=1)], "")
    return found
