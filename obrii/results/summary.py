"""The answer of a run as plain data: for every variant who is without service, how long the way is, and why.

Keys are those of `summary.json`, of form `SCHEMA_VERSION`: counts of people and terminals, delays in
milliseconds, shares from 0 to 1; handovers_per_hour of a terminal that has service, and serving_s, how long the
satellite that serves has done so, in the mean over terminals and time; measured_steps, the first step and the one after
the last of each stretch of steps over which all of it is taken. What has no value, as the delay of nobody, is null.
Counts are of what stands in intact; `added` is what a variant has beyond that: mean terminals in the field, those of
them that are served, and the delay of these. `compared` of a variant, and `options` of the run, are put in beside these
keys by `tables`: what `compared` says of the whole area, with the columns of its tables for keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from obrii import schema
from obrii.errors import ModelError
from obrii.results.frame import NO_TOWNS, Frame, Towns
from obrii.results.metrics import Metrics
from obrii.timegrid import instant, nanoseconds

#: Form of the summary; a key that changes its meaning or goes changes it.
SCHEMA_VERSION = 1

#: What a gateway may be in a variant.
STATES = ("on", "off in this variant", "planned")

#: Decimals that are kept, more than anybody reads and fewer than sums in another order would change.
SHARE, PEOPLE, TERMINALS, MILLISECONDS, MEAN, SECONDS = 6, 1, 2, 2, 3, 3


@dataclass(frozen=True)
class Span:
    """An event of a variant: name, kind, from when to when it acts, UTC [datetime64], whether that is measured, what it
    is aimed at, as the scenario says it, and whether it gives something."""

    name: str
    kind: str
    start: np.datetime64
    end: np.datetime64
    measured: bool = True
    target: Mapping[str, Any] = field(default_factory=dict)
    gives: bool = False


@dataclass(frozen=True, kw_only=True)
class Notes:
    """What a scenario says of a run that its arrays do not.

    events: of each variant; settings: what each variant sets otherwise, by dotted name; assumptions: key, value, text,
    source; sources: what, source; gateway_state (variant, gateway) str, of `STATES`; towns: those told apart; names: of
    countries and regions by code, in English and Ukrainian; translation: what the scenario says, by language and text;
    options: names of a loss, and of a variant that restores some of it.
    """

    title: str
    seed: int
    events: Sequence[Sequence[Span]]
    gateway_state: np.ndarray
    assumptions: Sequence[Mapping[str, str]] = ()
    sources: Sequence[Mapping[str, str]] = ()
    towns: Towns = NO_TOWNS
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    settings: Sequence[Mapping[str, Any]] = ()
    translation: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    options: Sequence[tuple[str, str]] = ()

    def __post_init__(self) -> None:
        unknown = set(np.unique(self.gateway_state).tolist()) - set(STATES)
        if unknown:
            raise ModelError(f"notes: a gateway is '{sorted(unknown)[0]}'; it is one of {', '.join(STATES)}")


def summary(metrics: Metrics, frame: Frame, notes: Notes) -> dict[str, Any]:
    """The content of summary.json."""
    frame = frame.standing()
    duration_s = frame.duration_s
    return {
        "schema_version": SCHEMA_VERSION,
        "title": notes.title,
        "seed": notes.seed,
        "start": instant(frame.utc[0]),
        "end": instant(_end(frame)),
        "steps": len(frame.utc),
        "step_s": float(duration_s[0]),
        "people": rounded(frame.people.sum(), PEOPLE),
        "terminals": rounded(frame.terminals.sum(), TERMINALS),
        "cells": len(frame.cell),
        "assumptions": [dict(each) for each in notes.assumptions],
        "sources": [dict(each) for each in notes.sources],
        **(
            {"translation": {name: dict(texts) for name, texts in notes.translation.items()}}
            if notes.translation
            else {}
        ),
        "never_served": {
            "people": rounded(metrics.weights.people[metrics.never].sum(), PEOPLE),
            "terminals": rounded(metrics.weights.terminals[metrics.never].sum(), TERMINALS),
            "cells": int(metrics.never.all(axis=0).sum()) if len(frame.groups) else 0,
        },
        "variants": [_variant(metrics, frame, notes, v) for v in range(len(frame.variants))],
    }


def main_reasons(*seconds: np.ndarray) -> np.ndarray:
    """The reason that takes most of the time, empty where there is none, of the first kind of time that is not nothing.

    seconds (..., code): each kind of time, by reason. The first in the order of the reasons wins a tie.

    >>> lost, without = np.zeros((2, 15)), np.zeros((2, 15))
    >>> lost[0, 4], without[:, 2] = 9.0, 30.0
    >>> main_reasons(lost, without).tolist()
    ['switched-off', 'not-licensed']
    """
    names = np.array(["", *schema.REASONS])
    found = np.zeros(seconds[0].shape[:-1], np.int64)
    for kind in seconds:
        found = np.where(found, found, np.where(kind.any(axis=-1), kind.argmax(axis=-1), 0))
    return names[found]


def stretches(measured: np.ndarray) -> list[list[int]]:
    """The first step and the one after the last of each stretch of steps that count, of (time,) bool.

    >>> stretches(np.array([False, True, True, False, True]))
    [[1, 3], [4, 5]]
    """
    ends: list[int] = np.flatnonzero(np.diff(measured, prepend=False, append=False)).tolist()
    return [list(each) for each in zip(ends[::2], ends[1::2], strict=True)]


def rounded(value: Any, decimals: int) -> float | None:
    """A number as JSON holds it, null where it is NaN.

    >>> rounded(np.float64(0.30000000000000004), 6), rounded(np.nan, 6)
    (0.3, None)
    """
    # Adding zero turns -0.0 into 0.0.
    return None if np.isnan(value) else round(float(value), decimals) + 0.0


def _end(frame: Frame) -> np.datetime64:
    return np.datetime64(frame.utc[-1] + nanoseconds(frame.duration_s[-1]))


def _variant(metrics: Metrics, frame: Frame, notes: Notes, v: int) -> dict[str, Any]:
    weights = metrics.weights
    lost_s = _total(metrics.lost_s[v], weights.main)
    without_s = _total(metrics.without_s[v] * ~metrics.never[..., None], weights.main)
    intact_s = (metrics.intact_s[v] * weights.main).sum()
    of_people = weights.people if weights.people.any() else weights.share
    reachable_s = (metrics.reachable_s[v] * of_people).sum()
    # Nothing is ever lost in intact, so that there it is what is without service that has the reason.
    main = main_reasons(lost_s, without_s * (v == 0))
    return {
        "name": frame.variants[v],
        "events": [_span(event, frame) for event in notes.events[v]],
        "settings": dict(notes.settings[v]) if notes.settings else {},
        "acting_steps": int(metrics.acting_steps[v]),
        "measured_steps": stretches(metrics.measured[v]),
        "people_without_service": _without(metrics, frame, v, metrics.people_without, weights.people, PEOPLE),
        "terminals_without_service": _without(
            metrics, frame, v, metrics.terminals_without, weights.terminals, TERMINALS
        ),
        "share_served_of_intact": _share(intact_s - lost_s.sum(), intact_s),
        "share_reachable": _share(reachable_s, of_people.sum() * metrics.measured_s[v]),
        "rtt_ms": _delays(metrics.delay_s["rtt"][v]),
        "propagation_rtt_ms": _delays(metrics.delay_s["propagation_rtt"][v]),
        "handovers_per_hour": rounded(metrics.handovers_per_hour[v], MEAN),
        "serving_s": rounded(metrics.serving_s[v], SECONDS),
        "satellites_used_mean": rounded(metrics.satellites_used[v], MEAN),
        "gateways_used_mean": rounded(metrics.gateways_used[v], MEAN),
        "added": _added(metrics, frame, v),
        "main_reason": str(main) or None,
        "reasons": {
            name: _share(part, without_s.sum())
            for name, part in zip(schema.REASONS, without_s[1:].tolist(), strict=True)
            if part > 0
        },
    }


def _added(metrics: Metrics, frame: Frame, v: int) -> dict[str, Any]:
    added, weight_s = metrics.added, metrics.measured[v] * frame.duration_s
    field, served = ((series[v] * weight_s).sum() / metrics.measured_s[v] for series in (added.terminals, added.served))
    return {
        "terminals": rounded(field, TERMINALS),
        "served": rounded(served, TERMINALS),
        "share_served": _share(served, field),
        "rtt_ms": _delays(added.delay_s["rtt"][v]),
        "propagation_rtt_ms": _delays(added.delay_s["propagation_rtt"][v]),
    }


def _span(event: Span, frame: Frame) -> dict[str, Any]:
    """An event as far as it lies in the run."""
    start, end = max(event.start, np.datetime64(frame.utc[0])), min(event.end, _end(frame))
    between = {"start": instant(start), "end": instant(end)}
    return {
        "name": event.name,
        "kind": event.kind,
        **between,
        "gives": event.gives,
        "measured": event.measured,
        "target": dict(event.target),
    }


def _without(
    metrics: Metrics, frame: Frame, v: int, series: np.ndarray, weight: np.ndarray, decimals: int
) -> dict[str, Any]:
    """How many are without service: mean, worst step, at least once; share lost of what intact serves."""
    out_s = metrics.without_s[v].sum(axis=-1) * ~metrics.never
    in_steps = np.where(metrics.measured[v], series[v], 0.0)
    worst = rounded(in_steps.max(initial=0.0), decimals)
    return {
        "mean": rounded((out_s * weight).sum() / metrics.measured_s[v], decimals),
        "worst": worst,
        "worst_at": instant(frame.utc[in_steps.argmax()]) if worst else None,
        "at_least_once": rounded(weight[out_s > 0].sum(), decimals),
        "share_mean": _share(_total(metrics.lost_s[v], weight).sum(), (metrics.intact_s[v] * weight).sum()),
    }


def _total(seconds: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weighted seconds of all groups in all cells: (group, cell, code) to (code,)."""
    return np.einsum("gck,gc->k", seconds, weight)


def _share(part: float, whole: float) -> float:
    """A part of a whole; none of nothing."""
    return rounded(part / whole, SHARE) or 0.0 if whole > 0 else 0.0


def _delays(delay_s: np.ndarray) -> dict[str, float | None]:
    median, high = (rounded(1e3 * value, MILLISECONDS) for value in delay_s)
    return {"median": median, "p95": high}
