"""The one registry of arrays: name, axes, unit, dtype, meaning.

Results are labelled here once, at the border between kernels and the reader; `check` refuses an array that does not
say what its name promises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from obrii.errors import ModelError

if TYPE_CHECKING:
    import xarray

#: Why a terminal, or a pair, has no service, in the order in which the filters run. The first filter that leaves no
#: candidate gives the reason. Codes are positions in this list plus one; 0 is "served".
REASONS = (
    "core-off",
    "not-licensed",
    "not-listed",
    "switched-off",
    "below-mask",
    "geostationary-arc",
    "satellite-off",
    "no-gateway-in-sight",
    "gateway-off",
    "no-laser-path",
    "pop-off",
    "fibre-off",
    "no-antenna",
    "no-beam",
)

#: Code of each reason as the arrays hold it.
REASON_CODE: dict[str, int] = {"served": 0} | {name: code for code, name in enumerate(REASONS, start=1)}

#: Name of each code.
REASON_NAME: dict[int, str] = {code: name for name, code in REASON_CODE.items()}

#: What keeps an active terminal from more, at the busy hour.
BOTTLENECK: dict[str, int] = {
    "no_service": -1, "none": 0, "cell": 1, "satellite": 2, "antenna": 3, "laser": 4, "pop": 5,
}  # fmt: skip


@dataclass(frozen=True)
class Variable:
    """What an array is: axes, unit (UDUNITS), dtype, one sentence, and flag meanings where it is a code."""

    name: str
    axes: tuple[str, ...]
    units: str
    dtype: str
    definition: str
    flags: Mapping[str, int] = field(default_factory=dict)


_NO_YES = {"not_computed": -1, "no": 0, "yes": 1}
_PAIR = ("variant", "time", "pair")
_CELL = ("variant", "time", "group", "cell")
_GATEWAY = ("variant", "time", "gateway_name")
_OPERATOR = ("variant", "time", "operator_name")

VARIABLES: dict[str, Variable] = {
    v.name: v
    for v in (
        Variable("window", ("time",), "1", "i4", "Window of the run that the step belongs to."),
        Variable("duration_s", ("time",), "s", "f8", "Length of the step."),
        Variable("served", _CELL, "1", "i1", "Whether the terminals of the group in the cell have service.", _NO_YES),
        Variable(
            "reachable", _CELL, "1", "i1",
            "A sight line to a satellite with a live way down, before policy, beams and antennas.", _NO_YES,
        ),
        Variable(
            "reason", _CELL, "1", "i1",
            "The filter after which no satellite was left; not computed where the group is not in the field.",
            {**REASON_CODE, "not_computed": -1},
        ),
        Variable("operator", _CELL, "1", "i1", "Index of the operator that serves, -1 where none does."),
        Variable("satellite", _CELL, "1", "i4", "Index of the satellite that serves, -1 where none does."),
        Variable("gateway", _CELL, "1", "i2", "Index on the gateway axis of where the way comes down, -1 where none."),
        Variable("pop", _CELL, "1", "i2", "Index on the pop axis of where the way enters the internet, -1 where none."),
        Variable("hops", _CELL, "1", "i1", "Radio and laser links from terminal to gateway, -1 where there is no way."),
        Variable(
            "propagation_rtt", _CELL, "s", "f4",
            "All light time from terminal to PoP, there and back: radio and lasers at c, fibre at its own speed.",
        ),
        Variable("fibre_rtt", _CELL, "s", "f4", "Light time in the fibre between gateway and PoP, there and back."),
        Variable(
            "rtt", _CELL, "s", "f4",
            "Light time from terminal to PoP and back, access floor and processing a satellite; without queueing.",
        ),
        Variable(
            "present", ("variant", "time", "group"), "1", "f4",
            "Share of the group that is in the field: 0 before a planned one is added.",
        ),
        Variable(
            "handover", _CELL, "1", "i1",
            "Whether the satellite is another than in the step before of the same window, if both serve.",
            {"unknown": -1, "no": 0, "yes": 1},
        ),
        Variable(
            "serving_s", _CELL, "s", "f4",
            "How long the satellite has served without a break, up to the end of the step; NaN where none serves.",
        ),
        Variable("antennas_used", _GATEWAY, "1", "i2", "Antennas of the gateway that follow a satellite."),
        Variable("cells_served", _GATEWAY, "1", "i4", "Cells of the area whose way comes down at the gateway."),
        Variable("halo_cells_served", _GATEWAY, "1", "i4", "Cells of the halo whose way comes down at the gateway."),
        Variable(
            "satellites_used", _OPERATOR, "1", "i4",
            "Satellites that carry a cell of the area.",
        ),
        Variable("rate", _CELL, "bit/s", "f4", "What an active terminal of the group in the cell gets now, downwards."),
        Variable("busy_rate", _CELL, "bit/s", "f4", "The same if it were the busy hour everywhere."),
        Variable(
            "bottleneck", _CELL, "1", "i1",
            "What keeps an active terminal from more at the busy hour: none where it gets all it can use.", BOTTLENECK,
        ),
        Variable("busy_load", _OPERATOR, "bit/s", "f8", "What all terminals of the area get at the busy hour."),
        Variable(
            "capacity", _OPERATOR, "bit/s", "f8",
            "What the terminals of the area would get together if each were active and used all it got, while others "
            "around ask for what they do at the busy hour.",
        ),
        Variable(
            "gateway_busy_load", _GATEWAY, "bit/s", "f4", "What the gateway sends at the busy hour, for the halo too."
        ),
        Variable("gateway_capacity", _GATEWAY, "bit/s", "f4", "What the antennas that follow a satellite can send."),
        Variable(
            "pop_busy_load", ("variant", "time", "pop_name"), "bit/s", "f4",
            "What comes from the PoP at the busy hour, for the halo too.",
        ),
        Variable(
            "growth_rate", (*_OPERATOR, "growth", "rank"), "bit/s", "f4",
            "What an active terminal gets at the busy hour with so many times the terminals in the area: the one below "
            "which that share of them lies, those without service with 0. NaN in steps that are not sampled.",
        ),
        Variable("pair_served", _PAIR, "1", "i1", "Whether a packet can go from end to end.", _NO_YES),
        Variable("pair_reason", _PAIR, "1", "i1", "The filter after which no way was left.", REASON_CODE),
        Variable("pair_hops", _PAIR, "1", "i2", "Links on the way from end to end, -1 where there is no way."),
        Variable(
            "pair_propagation_rtt", _PAIR, "s", "f8",
            "All light time, there and back: radio and lasers at c, fibre at its own speed.",
        ),
        Variable(
            "pair_rtt", _PAIR, "s", "f8",
            "Light time there and back, access floor and processing a hop; without queueing.",
        ),
        Variable(
            "pair_route", (*_PAIR, "hop"), "1", "i4",
            "Nodes on the way, in order: a satellite's index, or satellites + a site's index; -1 after the end.",
        ),
    )
}  # fmt: skip


#: Arrays that a run has only where its scenario says who asks for how much.
OF_TRAFFIC = (
    "rate", "busy_rate", "bottleneck", "busy_load", "capacity", "gateway_busy_load", "gateway_capacity",
    "pop_busy_load", "growth_rate",
)  # fmt: skip


def check(name: str, values: np.ndarray) -> np.ndarray:
    """Return `values` if they have the number of axes and the dtype that `name` promises; refuse them otherwise.

    >>> check("window", np.zeros(3, "i4")).shape
    (3,)
    """
    variable = VARIABLES[name]
    if values.ndim != len(variable.axes):
        raise ModelError(f"{name}: {values.ndim} axes; expected {len(variable.axes)}: {', '.join(variable.axes)}")
    if values.dtype != np.dtype(variable.dtype):
        raise ModelError(f"{name}: dtype {values.dtype}; expected {variable.dtype}")
    return values


def label(name: str, values: np.ndarray, **coords: object) -> xarray.DataArray:
    """Return `values` as an xarray variable with the axes, unit, definition and flags of the registry.

    coords: coordinates by axis name.
    """
    import xarray

    variable = VARIABLES[name]
    return xarray.DataArray(check(name, values), dims=variable.axes, coords=coords, name=name, attrs=attributes(name))


def attributes(name: str) -> dict[str, object]:
    """The attributes of an array: unit, definition, and flag values and meanings as the CF conventions write them.

    >>> attributes("duration_s")["units"]
    's'
    """
    variable = VARIABLES[name]
    attrs: dict[str, object] = {"units": variable.units, "definition": variable.definition}
    if variable.flags:
        attrs["flag_values"] = np.array(list(variable.flags.values()), dtype=variable.dtype).tolist()
        attrs["flag_meanings"] = " ".join(variable.flags)
    return attrs
