"""Sentences from numbers: captions of maps, and why one site decides so much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from obrii import frames
from obrii.report.causes import off_gateways
from obrii.report.messages import Words
from obrii.report.reading import LOST, Run, Variant

#: Share of what intact serves from which a loss is worth a sentence.
WORTH_SAYING = 0.005

#: Change of the median delay that is worth a sentence, in parts of it.
SLOWER = 0.1

#: Share of what is served that one gateway carries when it is said to decide.
_DECIDES = 0.5


class Site(NamedTuple):
    """The gateway that matters most in a variant: a title and paragraphs."""

    title: str
    paragraphs: list[str]


def added_bps(variant: Variant) -> float | None:
    """What half of the terminals that a variant adds get at least at the busy hour, where that is one group."""
    gets = variant.rates.added if variant.rates is not None else None
    return gets.median_bps if gets is not None else None


def caption(run: Run, variant: Variant, words: Words) -> str:
    """What a map shows, in numbers."""
    added = variant.added
    if not added.terminals:
        return _lost(run, variant, words)
    said = {"added": words.count(added.terminals), "served": words.count(added.served)}
    gets_bps = added_bps(variant)
    given = {"rtt": added.rtt_ms is not None, "rate": gets_bps is not None}
    key = next((f"map.caption.added.{end}" for end in ("rate", "rtt") if given[end]), "map.caption.added")
    values = {"delay": words.milliseconds(added.rtt_ms), "rate": words.rate(gets_bps)}
    return _lost(run, variant, words) + words.say(key, **said, **values)


def _lost(run: Run, variant: Variant, words: Words) -> str:
    """What is lost on a map, in numbers."""
    summary = run.summary
    share = summary.without(variant).share_mean
    before, after = summary.intact.rtt_ms[0], variant.rtt_ms[0]
    if share < WORTH_SAYING and before and after and after / before - 1.0 > SLOWER:
        return words.say(
            "map.caption.slower",
            who=nobody([variant], run, words),
            before=words.milliseconds(before),
            after=words.milliseconds(after),
        )
    if share <= 0.0:
        return words.say("map.caption.none")
    reason = words.say("map.reason", reason=words.reason(variant.main_reason)) if variant.main_reason else ""
    said = {"people": words.count(run.lost(variant, "people")), "share": words.percent(share), "reason": reason}
    if not summary.counts_terminals:
        return words.say("map.caption.people", **said).rstrip()
    return words.say("map.caption.both", lost=words.count(run.lost(variant)), **said).rstrip()


def one_site(run: Run, words: Words) -> Site | None:
    """Why one gateway decides so much, where gateways are lost; None where none are, or none decides."""
    losing = [v for v in run.summary.others if off_gateways(run, v.name)]
    found = _last_straw(run, losing) or _bears_most(run, losing)
    if found is None:
        return None
    variant, gateway = found
    rows = _carried(run, variant.name)
    first = rows[rows["gateway"] == gateway].iloc[0]
    share = first["cells_served_mean"] / rows["cells_served_mean"].sum()
    name = words.station(gateway)
    carries = words.say(
        "site.share",
        variant=words.case(variant.name),
        gateway=name,
        country=words.country_name(first["country"]),
        share=words.percent(round(share, 2)),
        used=words.mean(first["antennas_used_mean"]),
        all=words.exact(first["antennas"]),
        distance=words.count(float(_from_middle_m(run, rows[rows["gateway"] == gateway])[0]) / 1e3, 2),
    )
    lost_too = [
        words.say(
            "site.without",
            variant=words.case(other.name),
            before=words.percent(variant.share_served),
            after=words.percent(other.share_served),
        )
        for other in losing
        if off_gateways(run, variant.name) | {gateway} == off_gateways(run, other.name)
    ]
    assumed = [
        words.say("site.assumption", text=words.text(assumption["text"]))
        for assumption in run.summary.assumptions
        if name in assumption["text"]
    ]
    nearest = _nearest_other(run, rows[rows["gateway"] != gateway], words)
    paragraphs = [f"{carries} {nearest}", " ".join([words.say("site.limit"), *lost_too])]
    return Site(words.say("site.title", gateway=name), [*paragraphs, *assumed])


def _last_straw(run: Run, losing: list[Variant]) -> tuple[Variant, str] | None:
    """The variant and the one gateway of it with whose loss, in another variant, most is lost."""
    off = {variant.name: off_gateways(run, variant.name) for variant in losing}
    found = [
        (before.share_served - after.share_served, before, min(off[after.name] - off[before.name]))
        for before in losing
        for after in losing
        if off[before.name] < off[after.name] and len(off[after.name] - off[before.name]) == 1
    ]
    carried = {v.name: set(_carried(run, v.name)["gateway"].tolist()) for v in losing}
    told = [(fall, v, gateway) for fall, v, gateway in found if fall >= WORTH_SAYING and gateway in carried[v.name]]
    return max(told, key=lambda entry: entry[0])[1:] if told else None


def _bears_most(run: Run, losing: list[Variant]) -> tuple[Variant, str] | None:
    """The variant with fewest gateways lost and the gateway that then carries most of what is served."""
    carrying = [variant for variant in losing if len(_carried(run, variant.name))]
    if not carrying:
        return None
    variant = min(carrying, key=lambda v: len(off_gateways(run, v.name)))
    rows = _carried(run, variant.name)
    share = rows["cells_served_mean"].iloc[0] / rows["cells_served_mean"].sum()
    return (variant, str(rows["gateway"].iloc[0])) if share >= _DECIDES else None


def _carried(run: Run, variant: str) -> pd.DataFrame:
    rows = run.of("gateways", variant)
    rows = rows[(rows["state"] != LOST) & (rows["cells_served_mean"] > 0)]
    return rows.sort_values(["cells_served_mean", "gateway"], ascending=[False, True])


def _nearest_other(run: Run, others: pd.DataFrame, words: Words) -> str:
    """Which of the other gateways that carry something stands nearest to the middle of the area."""
    if not len(others):
        return words.say("site.alone")
    away_m = _from_middle_m(run, others)
    place = int(np.argmin(away_m))
    nearest = others.iloc[place]
    return words.say(
        "site.far",
        gateway=words.station(nearest["gateway"]),
        country=words.country_name(nearest["country"]),
        distance=words.count(away_m[place] / 1e3, 2),
    )


def _from_middle_m(run: Run, rows: pd.DataFrame) -> np.ndarray:
    """Distance over the ground from the middle of the area's cells to each row, (row,) [m]."""
    cells = run.of("cells", run.summary.intact.name)
    middle = frames.up(cells["latitude_deg"].to_numpy(float), cells["longitude_deg"].to_numpy(float)).mean(axis=1)
    latitude = np.degrees(np.arctan2(middle[2], np.hypot(middle[0], middle[1])))
    longitude = np.degrees(np.arctan2(middle[1], middle[0]))
    return frames.great_circle_m(
        latitude, longitude, rows["latitude_deg"].to_numpy(float), rows["longitude_deg"].to_numpy(float)
    )


def nobody(variants: Sequence[Variant], run: Run, words: Words) -> str:
    """Nobody, or almost nobody, by what variants lose."""
    lost = max(run.summary.without(variant).share_mean for variant in variants)
    return words.say("lead.hardly" if lost > 0.0 else "lead.nobody")
