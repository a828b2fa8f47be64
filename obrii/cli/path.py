"""`obrii path`: which way a packet goes, as a table hop by hop, or as JSON."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from obrii.cli.arguments import AsJson, ScenarioFile, progress, say
from obrii.errors import ScenarioError

if TYPE_CHECKING:
    import numpy as np
    import xarray

    from obrii.scenario.model import Scenario
    from obrii.tracing import Trace


def path_command(
    scenario: ScenarioFile,
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
) -> None:
    """Show which way a packet goes, hop by hop, and how long it takes."""
    from obrii.scenario.model import Scenario
    from obrii.scenario.stage import stage
    from obrii.tracing import find_variant, trace, with_pair

    world, pair = with_pair(Scenario.read(scenario), start, end, via)
    only = find_variant(world, variant)
    say(stage(world).notices)
    if at is not None:
        found = trace(world, pair, step=_step(world, at), variant=variant)
        print(json.dumps(_trace_json(found), indent=2)) if as_json else _print_trace(found)
        return
    from obrii.simulation import simulate

    data = world.model_dump(by_alias=True)
    data["variant"] = [part for part in data["variant"] if part["name"] == variant]
    data["event"] = [part for part in data["event"] if part["name"] in only.events]
    with progress() as bar:
        results = simulate(world.changed(data), progress=bar).sel(variant=variant).isel(pair=0)
    print(json.dumps(_series_json(results, world, pair, variant), indent=2)) if as_json else _print_series(
        results, pair, variant
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


def _print_trace(found: Trace) -> None:
    from rich.console import Console
    from rich.table import Table

    from obrii.timegrid import instant

    console = Console()
    console.print(f"[bold]{found.pair}[/bold], {instant(found.utc)}, {found.variant}")
    if not found.served:
        console.print(f"no connection: {found.reason}")
        return
    table = Table(box=None, pad_edge=False)
    for title in ("hop", "place", "km", "ms", "km so far", "ms so far"):
        table.add_column(title, justify="left" if title == "place" else "right")
    km = ms = 0.0
    for k, hop in enumerate(found.hops):
        km, ms = km + hop.range_m / 1e3, ms + hop.delay_s * 1e3
        name = f"{hop.name} ({hop.catalogue})" if hop.catalogue else hop.name
        link = (
            ("", "", "", "")
            if k == 0
            else (f"{hop.range_m / 1e3:,.1f}", f"{hop.delay_s * 1e3:.3f}", f"{km:,.1f}", f"{ms:.3f}")
        )
        table.add_row(str(k), name, *link)
    console.print(table)
    console.print(
        f"round trip: [bold]{found.rtt_s * 1e3:.3f} ms[/bold] without queueing, "
        f"of which light {found.propagation_rtt_s * 1e3:.3f} ms"
    )


def _print_series(results: xarray.Dataset, pair: str, variant: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from obrii import schema

    console = Console()
    codes = results["pair_reason"].values
    console.print(f"[bold]{pair}[/bold], {variant}: {len(codes)} steps, served in {int((codes == 0).sum())}")
    for code in sorted({int(code) for code in codes if code}):
        console.print(f"  without a way: {int((codes == code).sum())} steps, {schema.REASON_NAME[code]}")
    table = Table(box=None, pad_edge=False)
    for title in ("round trip, ms", "min", "median", "mean", "max"):
        table.add_column(title, justify="left" if title == "round trip, ms" else "right")
    for title, name in (("light alone", "pair_propagation_rtt"), ("without queueing", "pair_rtt")):
        figures = _statistics(results[name].values)
        table.add_row(title, *("-" if value is None else f"{value:.3f}" for value in figures.values()))
    console.print(table)
