"""Which groups of terminals an event splits: those that a share of its target can touch, in any variant."""

from __future__ import annotations

import pytest

from obrii import ObriiError
from obrii.scenario import acting
from tests.scenario.test_events import WORLD, outages, world

SPLITTING = WORLD.replace('{name = "clinics", count = 10}', '{name = "clinics", count = 10, operators = ["one"]}')


def groups(*what: str, text: str = SPLITTING) -> list[str]:
    return world(*what, text=text).ground.groups.name.tolist()


def test_a_share_splits_only_groups_that_the_event_can_touch() -> None:
    # Homes use both operators, clinics the first, new ones the second.
    assert groups("core-off {left = 0.1}") == [
        "homes", "homes (0)", "clinics", "clinics (0)", "new", "new (0)",
    ]  # fmt: skip
    assert groups("core-off {operator = 'one', left = 0.1}") == ["homes", "homes (0)", "clinics", "clinics (0)", "new"]
    assert groups("service-off {operator = 'two', share = 0.5}") == ["homes", "homes (0)", "clinics", "new", "new (0)"]
    assert groups("service-off {operator = ['two'], groups = ['clinics', 'new'], share = 0.5}") == [
        "homes", "clinics", "new", "new (0)",
    ]  # fmt: skip
    at_home = SPLITTING.replace('operators = ["one"]}', 'operators = ["one"], home = "POL"}')
    assert groups("service-off {home = 'UKR', share = 0.5}", text=at_home) == [
        "homes", "homes (0)", "clinics", "new", "new (0)",
    ]  # fmt: skip


def test_a_group_that_uses_an_operator_in_one_variant_alone_is_split_in_all() -> None:
    text = SPLITTING + '[[variant]]\nname = "v"\nset = {"terminals.clinics.operators" = ["one", "two"]}\n'
    here = world("core-off {operator = 'two', left = 0.1}", text=text)
    parts = ["homes", "homes (0)", "clinics", "clinics (0)", "new", "new (0)"]
    assert here.ground.groups.name.tolist() == parts
    varied = here.of(here.scenario.variant[0]).ground.groups
    assert varied.name.tolist() == parts and varied.operators == ((0, 1), (0, 1), (0, 1), (0, 1), (1,), (1,))


def test_what_a_part_of_the_terminals_loses_is_the_same_however_other_groups_are_split() -> None:
    here = world("core-off {operator = 'one', left = 0.1}", text=SPLITTING)
    lost = ~outages(here, ("0",)).core
    names = here.ground.groups.name.tolist()
    assert [name for name, row in zip(names, lost[0], strict=False) if row.any()] == ["homes (0)", "clinics (0)"]


def test_a_share_of_nobody_is_refused() -> None:
    alone = SPLITTING.replace('{name = "homes", count = 90}', '{name = "homes", count = 90, operators = ["one"]}')
    alone = alone.replace('count = 5, operators = ["two"]', 'count = 5, operators = ["one"]')
    for what in ("core-off {operator = 'two', left = 0.1}", "service-off {operator = 'two', share = 0.1}"):
        with pytest.raises(
            ObriiError, match=r"event '0': no terminals are of .*; name (one|an operator) that some use"
        ):
            acting.check(world(what, text=alone))
