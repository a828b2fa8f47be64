"""How full gateways are at the busy hour: load and capacity of each, before and after."""

from __future__ import annotations

from typing import Any

from obrii.report.markup import Markup, element, join
from obrii.report.messages import Words
from obrii.report.quantities import MISSING
from obrii.report.reading import LOST, Run, records
from obrii.report.tables import cases, gateway_heads, gateway_name, scrolling

#: Gateways in the table at most.
_MOST = 12

_LOAD, _CAPACITY = "busy_load_mean_bps", "capacity_mean_bps"


def loads_table(run: Run, words: Words) -> Markup:
    """A row a gateway that carries some of the area in any of the cases shown, highest load first."""
    frame = run.tables["gateways"]
    if _LOAD not in frame.columns:
        return Markup("")
    shown = cases(run)
    frame = frame[frame["variant"].isin([variant.name for variant in shown])]
    carrying = frame[(frame["cells_served_mean"] > 0) & (frame[_LOAD] > 0)]
    if not len(carrying):
        return Markup("")
    weight = carrying.groupby("gateway")[_LOAD].max()
    order = sorted(weight.index, key=lambda name: (-weight[name], name))
    known = {(row["variant"], row["gateway"]): row for row in records(frame)}
    rows = [
        element(
            "tr",
            gateway_name(frame, name, words),
            [_cell(known.get((variant.name, name)), words) for variant in shown],
        )
        for name in order[:_MOST]
    ]
    table = scrolling(gateway_heads(shown, words), element("tbody", rows), cls="loads")
    more = words.say("loads.more", count=words.exact(len(order) - _MOST))
    return join(
        element("h3", words.say("loads.title")),
        element("p", words.say("loads.text"), cls="quiet"),
        table,
        element("p", more, cls="quiet") if len(order) > _MOST else "",
    )


def _cell(row: dict[str, Any] | None, words: Words) -> Markup:
    """Load as a bar and a share of the capacity of the antennas in use."""
    if row is None:
        return element("td", MISSING)
    if row["state"] == LOST:
        return element("td", element("span", words.say("gateways.lost"), cls="lost"))
    load, capacity = row[_LOAD], row[_CAPACITY]
    if not load > 0:
        return element("td", element("span", words.say("gateways.idle"), cls="quiet"))
    share = load / capacity if capacity > 0 else 1.0
    return element(
        "td",
        element("span", element("i", style=f"width:{100 * min(1.0, share):.0f}%"), cls="bar"),
        words.percent(round(share, 2)),
        element("small", words.say("loads.of", load=words.rate(load), capacity=words.rate(capacity))),
    )
