"""Write docs/events.md: every kind of event, its keys and an example, from the table in obrii/scenario/events."""

from __future__ import annotations

import inspect
from pathlib import Path

from obrii.scenario.events import KINDS
from obrii.scenario.events.keys import MEANINGS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "events.md"

_HEAD = """# Events

<!-- Written by `make docs` from obrii/scenario/events and tools/events_page.py. Do not edit by hand. -->

What can be switched off, lost, limited or added. An event has a `name`, a `kind`, a `target`, and times; a variant says
which events happen in it.

```toml
[[event]]
name       = "storm"
kind       = "satellites-off"
target     = {operator = "starlink", share = 0.05}
start      = 2022-10-03T12:30:00Z
end        = 2022-10-03T13:00:00Z
ramp_s     = 600
recovery_s = 900

[[variant]]
name   = "a twentieth of the satellites"
events = ["storm"]
```

Keys of a target narrow each other, and a list means any of what it holds. What overlaps is off as long as any event
says so. Whatever is drawn hangs on the `seed` of the scenario and the name of the event alone; a larger share holds the
smaller one. Everything is checked when a scenario is run, also events that no variant has.

## Times

| key | meaning |
|---|---|
| `start`, `end` | from when to when it holds, UTC; by default from the start or to the end of the run |
| `ramp_s` | how long it takes to come, evenly, from `start` [s] |
| `recovery_s` | how long what is lost takes to be restored, evenly, from `end` [s] |
| `recovery` | the same by points: [[seconds after the end, share restored by then], ...]; below 1 the rest stays lost |
| `every_s`, `times` | after how long it comes again [s], and how often in all |

While an event is half as strong, half of what it touches is off: the first in the order of its draw. What was lost last
is restored first. Results of a variant are measured while any of its events takes something away, restoration included;
what comes, by GIVING, may stay longer, and its time counts only where nothing is taken away.

## Kinds
"""


def page() -> str:
    """Return the whole page as Markdown."""
    kinds = "".join(_kind(name) for name in KINDS)
    keys = "".join(f"| `{key}` | {meaning} |\n" for key, meaning in sorted(MEANINGS.items()))
    giving = " or ".join(f"`{name}`" for name, kind in KINDS.items() if kind.gives)
    return f"{_HEAD.replace('GIVING', giving)}{kinds}\n## Keys\n\n| key | meaning |\n|---|---|\n{keys}"


def _kind(name: str) -> str:
    kind = KINDS[name]
    said = inspect.getdoc(kind.touched) or ""
    keys = ", ".join(f"`{key}`" for key in kind.keys)
    example = f'kind   = "{name}"\ntarget = {kind.example}'
    return f"\n### {name}\n\n{said}\n\nKeys: {keys}.\n\n```toml\n{example}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
