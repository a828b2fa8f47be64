"""`obrii path`: which way a packet goes, as a table hop by hop, or as JSON."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from obrii.cli.arguments import AsJson, Language, ScenarioName, progress, read_scenario, say
from obrii.errors import ScenarioError

if TYPE_CHECKING:
    import numpy as np
    import xarray

    from obrii.report.messages import Words
    from obrii.scenario.model import Scenario
    from obrii.tracing import Trace


def path_command(
    scenario: ScenarioName,
    start: Annotated[str, typer.Option("--from", metavar="PLACE", help="A site's or town's name, or lat,lon.")],
    end: Annotated[str, typer.Option("--to", metavar="PLACE", help="A site's or town's name, or lat,lon.")],
    at: Annotated[
        str | None, typer.Option(metavar="SECONDS|UTC", help="One instant; the whole run without it.")
    ] = None,
    via: Annotated[
        str | None, typer.Option(help="pop: down at a gateway and on by fibre; sky: over satellites alone.")
    ] = None,
    variant: Annotated[str, typer.Option(help="Name of the variant.")] = "intact",
    as_json: AsJson = False,
    language: Language = "en",
) -> None:
    """Follow a packet hop by hop.

    It says which way it goes, and how long that takes: at one instant, or over the whole run.
    """
    from obrii.report.messages import Words
    from obrii.scenario.stage import stage
    from obrii.tracing import find_variant, trace, with_pair

    world, pair = with_pair(read_scenario(scenario), start, end, via)
    words = Words(language, world.translation.get(language))
    only = find_variant(world, variant)
    say(stage(world).notices)
    if at is not None:
        found = trace(world, pair, step=_step(world, at), variant=variant)
        print(json.dumps(_trace_json(found), indent=2)) if as_json else _print_trace(found, words)
        return
    from obrii.simulation import simulate

    data = world.model_dump(by_alias=True)
    data["variant"] = [part for part in data["variant"] if part["name"] == variant]
    data["event"] = [part for part in data["event"] if part["name"] in only.events]
    with progress() as bar:
        results = simulate(world.changed(data), progress=bar).sel(variant=variant).isel(pair=0)
    print(json.dumps(_series_json(results, world, pair, variant), indent=2)) if as_json else _print_series(
        results, pair, variant, words
    )


def _step(scenario: Scenario, at: str) -> int:
    """The step that contains `--at`: seconds from the start of the run, or a UTC instant."""
    import numpy as np

    from obrii.timegrid import nanoseconds

    grid = scenario.time.grid()
    try:
        seconds = float(at)
    except ValueError:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z", at):
            raise ScenarioError(
                f"--at '{at}': give seconds from the start, or UTC such as {grid.start!s:.19}Z"
            ) from None
        return grid.index_at(np.datetime64(at.removesuffix("Z")))
    if not math.isfinite(seconds):
        raise ScenarioError(f"--at '{at}': give a finite number of seconds from the start")
    return grid.index_at(grid.start + nanoseconds(seconds))


def _ms(seconds: float) -> float | None:
    """Milliseconds for JSON, which has no NaN: picoseconds are kept, noise is not."""
    return None if math.isnan(seconds) else round(1e3 * seconds, 9)


def _trace_json(found: Trace) -> dict[str, Any]:
    from obrii.timegrid import instant

    return {
        "pair": found.pair,
        "variant": found.variant,
        "utc": instant(found.utc),
        "served": found.served,
        "reason": None if found.served else found.reason,
        "propagation_rtt_ms": _ms(found.propagation_rtt_s),
        "rtt_ms": _ms(found.rtt_s),
        "hops": [
            {
                "name": hop.name,
                "kind": hop.kind,
                **({"catalogue": hop.catalogue} if hop.catalogue else {}),
                "km": round(hop.range_m / 1e3, 6),
                "ms": _ms(hop.delay_s),
            }
            for hop in found.hops
        ],
    }


def _statistics(values: np.ndarray) -> dict[str, float | None]:
    import numpy as np

    some = values[~np.isnan(values)]
    if not some.size:
        return dict.fromkeys(("min", "median", "mean", "max"))
    figures = {"min": some.min(), "median": np.median(some), "mean": some.mean(), "max": some.max()}
    return {key: _ms(float(value)) for key, value in figures.items()}


def _series_json(results: xarray.Dataset, world: Scenario, pair: str, variant: str) -> dict[str, Any]:
    from obrii import schema
    from obrii.scenario.stage import stage
    from obrii.timegrid import instant

    names = stage(world).node_name
    served = results["pair_served"].values == 1
    routes = [[names(node) for node in route if node >= 0] for route in results["pair_route"].values.tolist()]
    changes = [k for k in range(len(routes)) if k == 0 or routes[k] != routes[k - 1]]
    seconds = stage(world).grid.seconds
    return {
        "pair": pair,
        "variant": variant,
        "start": instant(results["time"].values[0]),
        "steps": len(served),
        "steps_served": int(served.sum()),
        "propagation_rtt_ms": _statistics(results["pair_propagation_rtt"].values),
        "rtt_ms": _statistics(results["pair_rtt"].values),
        "paths": [{"at_s": round(float(seconds[k]), 9), "hops": routes[k]} for k in changes],
        "series": {
            "at_s": [round(float(value), 9) for value in seconds],
            "served": served.tolist(),
            "reason": [
                None if code == 0 else schema.REASON_NAME[code] for code in results["pair_reason"].values.tolist()
            ],
            "propagation_rtt_ms": [_ms(value) for value in results["pair_propagation_rtt"].values.tolist()],
            "rtt_ms": [_ms(value) for value in results["pair_rtt"].values.tolist()],
        },
    }


def _print_trace(found: Trace, words: Words) -> None:
    from rich.console import Console
    from rich.table import Table

    from obrii.timegrid import instant

    console = Console()
    console.print(f"[bold]{found.pair}[/bold], {instant(found.utc)}, {_variant(found.variant, words)}")
    if not found.served:
        console.print(words.say("path.none", reason=_reason(found.reason, words)))
        return
    table = Table(box=None, pad_edge=False)
    for key in ("path.hop", "path.place", "path.km", "path.ms", "path.far", "path.long"):
        table.add_column(words.say(key), justify="left" if key == "path.place" else "right")
    km = ms = 0.0
    for k, hop in enumerate(found.hops):
        km, ms = km + hop.range_m / 1e3, ms + hop.delay_s * 1e3
        name = f"{hop.name} ({hop.catalogue})" if hop.catalogue else hop.name
        sizes = ((hop.range_m / 1e3, 1), (hop.delay_s * 1e3, 3), (km, 1), (ms, 3))
        table.add_row(str(k), name, *(words.grouped(size, decimals) if k else "" for size, decimals in sizes))
    console.print(table)
    whole, light = (words.grouped(1e3 * value, 3) for value in (found.rtt_s, found.propagation_rtt_s))
    console.print(words.say("path.round", rtt=f"[bold]{whole}[/bold]", light=light))


def _variant(name: str, words: Words) -> str:
    return name if words.language == "en" else words.case(name)


def _reason(reason: str, words: Words) -> str:
    """A reason in words that fit ways between any two places: not all of them lead to a gateway."""
    return words.say("path.no-laser-path") if reason == "no-laser-path" else words.reason(reason)


def _print_series(results: xarray.Dataset, pair: str, variant: str, words: Words) -> None:
    from rich.console import Console
    from rich.table import Table

    from obrii import schema

    console = Console()
    codes = results["pair_reason"].values
    said = words.say("path.steps", count=words.exact(len(codes)), served=words.exact(int((codes == 0).sum())))
    console.print(f"[bold]{pair}[/bold], {_variant(variant, words)}: {said}")
    for code in sorted({int(code) for code in codes if code}):
        reason, count = _reason(schema.REASON_NAME[code], words), words.exact(int((codes == code).sum()))
        console.print(words.say("path.without", count=count, reason=reason))
    table = Table(box=None, pad_edge=False)
    table.add_column(words.say("path.trip"))
    for key in ("path.min", "path.median", "path.mean", "path.max"):
        table.add_column(words.say(key), justify="right")
    for key, name in (("path.light", "pair_propagation_rtt"), ("path.unqueued", "pair_rtt")):
        figures = _statistics(results[name].values)
        written = ("-" if value is None else words.grouped(value, 3) for value in figures.values())
        table.add_row(words.say(key), *written)
    console.print(table)
