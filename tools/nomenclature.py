"""Write docs/nomenclature.md: every array by name, axes and unit, from the registry in obrii/schema.py."""

from __future__ import annotations

from pathlib import Path

from obrii.schema import VARIABLES

PAGE = Path(__file__).resolve().parents[1] / "docs" / "nomenclature.md"

#: What papers and their programs write, and the word that Obrii uses.
ABBREVIATIONS = (
    (
        "GS, ground station",
        "gateway, where it joins satellites to the ground network; terminal, where a person uses it",
    ),
    ("UT, user terminal, dish", "terminal"),
    ("PoP", "point of presence: where an operator's traffic enters the internet"),
    ("GSL, ground-to-satellite link", "sight line"),
    ("ISL, inter-satellite link", "laser"),
    ("+Grid", "`plus-grid`: two lasers along the plane, two to the planes beside it"),
    ("bent pipe", "a way down over the first satellite, with no laser"),
    ("RTT", "round-trip time, both ways"),
    ("LEO, GEO", "low Earth orbit, geostationary orbit"),
    ("TLE, OMM", "two-line elements, orbit mean-elements message: the two forms of a public catalogue"),
    ("SGP4", "the propagator that those elements are made for"),
    ("TEME", "true equator, mean equinox: the inertial frame of SGP4"),
    ("ECEF", "Earth-fixed Cartesian axes"),
    ("RAAN", "right ascension of the ascending node"),
    ("CSR", "compressed sparse rows: a ragged list as offsets and values"),
)

_HEAD = """# Nomenclature

<!-- Written by `make docs` from obrii/schema.py and tools/nomenclature.py. Do not edit by hand. -->

Every labelled array that Obrii makes, with its axes, unit and meaning. Quantities are in SI units, angles in degrees.
What is missing is `NaN` or `-1`.
"""


def page() -> str:
    """Return the whole page as Markdown."""
    arrays = [
        (f"`{variable.name}`", _axes(variable.axes), f"`{variable.units}`", f"`{variable.dtype}`", variable.definition)
        for _, variable in sorted(VARIABLES.items())
    ]
    flagged = [
        f"\n### {variable.name}\n\n"
        + _table(("value", "meaning"), [(str(value), f"`{word}`") for word, value in variable.flags.items()])
        for _, variable in sorted(VARIABLES.items())
        if variable.flags
    ]
    parts = [
        _HEAD,
        "\n## Arrays\n\n",
        _table(("name", "axes", "unit", "type", "meaning"), arrays),
        *(["\n## Flags\n", *flagged] if flagged else []),
        "\n## Abbreviations\n\nWhat papers write, and what it is called here.\n\n",
        _table(("in papers", "in Obrii"), ABBREVIATIONS),
    ]
    return "".join(parts)


def _axes(axes: tuple[str, ...]) -> str:
    return ", ".join(axes) or "none"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]] | tuple[tuple[str, ...], ...]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
