"""Groups of terminals that an event splits, because it touches a share of them.

Terminals of a cell are expected numbers, so that a share of a group is that share of it in every cell: what any draw
gives on average, and the same in all variants. Of several events of a kind the larger share holds the smaller; events
of different kinds take theirs of every part, as if they drew by themselves. A group that an event cannot touch, because
it is of other operators or at home elsewhere in every variant, stays whole.

    homes, 90 ──► homes, 63      homes (east off), 27        share = 0.3 in the event "east off"
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from obrii.errors import ScenarioError
from obrii.network import draws
from obrii.scenario.model import Scenario
from obrii.scenario.parts import Event, Terminals
from obrii.scenario.settings import all_varied

#: For each kind of event that may touch a share of a group the key that says how large it is, or what is left.
SHARES = {"service-off": "share", "service-limit": "share", "listed-only": "refused_share", "core-off": "left"}

#: Parts of a group, at most [assumption: more are rows that nobody reads].
MOST = 12


class Portion(NamedTuple):
    """A part of a group: its name, which of [[terminals]] it is of, its share of that, and the events that take it."""

    name: str
    of: int
    share: float
    events: frozenset[str]


def portions(scenario: Scenario, groups: Sequence[Terminals]) -> list[Portion]:
    """Every group as the parts that events split it into, in order; the rest of a group keeps its name.

    Raises ScenarioError for a share that is none, and for a group in more than `MOST` parts.
    """
    found = []
    fates = [each.terminals or groups for each in all_varied(scenario)]
    for k, group in enumerate(groups):
        parts = [Portion(group.name, k, 1.0, frozenset())]
        for kind in SHARES:
            shares = {
                event.name: _share(event)
                for event in scenario.event
                if event.kind == kind and _takes(event) and any(_means(event, fate[k]) for fate in fates)
            }
            parts = [piece for part in parts for piece in _split(part, shares, group.name)]
        if len(parts) > MOST:
            raise ScenarioError(
                f"terminals '{group.name}': events split it into {len(parts)} parts by share, and at most {MOST} can "
                f"be told apart; make it groups of their own"
            )
        found += parts
    return found


def _takes(event: Event) -> bool:
    return event.kind in SHARES and SHARES[event.kind] in event.target


def _share(event: Event) -> float:
    key = SHARES[event.kind]
    value: Any = event.target[key]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ScenarioError(f"event '{event.name}': {key} is {value!r}; give a part of one, 0 to 1")
    share = draws.check_share(float(value), f"event '{event.name}'", key)
    return 1.0 - share if key == "left" else share


def _means(event: Event, group: Terminals) -> bool:
    if event.kind == "listed-only" and not group.listed:
        return False
    of_group = {"groups": [group.name], "operator": group.operators, "home": [group.home] if group.home else []}
    for key, own in of_group.items():
        named = event.target.get(key, own)
        # Without operators of its own a group may use all, and without a home it is at home where it stands.
        if own and not any(name in own for name in (named if isinstance(named, list) else [named])):
            return False
    return True


def _split(part: Portion, shares: dict[str, float], group: str) -> list[Portion]:
    """A part as those that more and more of some events take: none of them first, so that the rest comes first."""
    ends = sorted({0.0, 1.0, *shares.values()}, reverse=True)
    if len(ends) == 2:
        return [part._replace(events=part.events | {name for name, share in shares.items() if share})]
    pieces = []
    for high, low in pairwise(ends):
        events = part.events | {name for name, share in shares.items() if share >= high}
        name = f"{group} ({', '.join(sorted(events))})" if events else group
        pieces.append(Portion(name, part.of, part.share * (high - low), events))
    return pieces
