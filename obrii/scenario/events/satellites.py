"""Satellites that fail: named, drawn, by where they fly, in a storm, or of old age."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from obrii.errors import ScenarioError
from obrii.network import ageing, chosen, draws, storms
from obrii.network.changes import Change
from obrii.orbits.shells import mean_altitude_m
from obrii.scenario.parts import Event
from obrii.scenario.stage import Stage
from obrii.scenario.target import Target

#: Keys that say which satellites, whatever the time.
KEYS = ("operator", "shell", "generation", "planes", "satellites")

#: Keys that say where they fly while they are off.
FLYING = ("altitude_km", "latitude_deg", "near")

#: Ages of satellites now, where nobody says [years, assumption]: evenly up to the five years after which the first are
#: replaced, as in a constellation that was launched at a steady rate.
AGE_YEARS = (0.0, 5.0)


#: Which satellites `most` means: those that serve most in intact, those that most ways pass through.
MOST = ("loaded", "central")


def off(target: Target, stage: Stage) -> Change:
    """Satellites off, with all their links. No key means every satellite."""
    if "most" in target.keys and not _known(target.keys):
        raise ScenarioError(f"{target.where}: most is known when intact has been run; use simulate, run or trace")
    over = flying(target, stage)
    if over is not None and "count" in target.keys:
        raise ScenarioError(
            f"{target.where}: how many fly there changes from step to step, so that no count holds; give share"
        )
    return Change({"satellite": target.drawn(named(target, stage), stage.satellite_planned, "satellite")}, over=over)


def aims(event: Event) -> bool:
    """Whether an event is aimed at satellites that only a run of intact can tell."""
    return event.kind == "satellites-off" and "most" in event.target and not _known(event.target)


def _known(target: Mapping[str, Any]) -> bool:
    """Whether a run of intact has told who matters most: then they are named, and `most` only says why."""
    return "satellites" in target and "count" not in target


def aim(event: Event, stage: Stage) -> tuple[str, int, np.ndarray]:
    """What an event is aimed at: what matters most, of `MOST`, how many satellites, and (satellite,) bool among which.

    Raises ScenarioError where that makes no sense.
    """
    target = Target(f"event '{event.name}'", event.target)
    other = next((key for key in ("share", *FLYING) if key in target.keys), None)
    if other is not None:
        raise ScenarioError(f"{target.where}: most goes with count, not with {other}; leave one of the two out")
    if target.keys["most"] not in MOST:
        raise ScenarioError(f"{target.where}: most is {target.keys['most']!r}; it is one of {', '.join(MOST)}")
    mask, count = named(target, stage), target.count()
    among = mask & ~stage.satellite_planned if (mask & ~stage.satellite_planned).any() else mask
    if len(set(stage.constellation.operator[among].tolist())) != 1:
        raise ScenarioError(f"{target.where}: most is of one operator; name it with operator")
    if count is None or count > among.sum():
        asked = "no count" if count is None else f"{count} of {among.sum()}"
        raise ScenarioError(f"{target.where}: asks for {asked}; give count, at most {among.sum()}")
    if target.keys["most"] == "central" and not len(stage.lasers.links) and not stage.lasers.chosen:
        raise ScenarioError(f'{target.where}: no ways pass through satellites without lasers; use most = "loaded"')
    return str(target.keys["most"]), count, among


def numbers(stage: Stage, satellite: np.ndarray) -> list[int]:
    """What the key `satellites` calls some satellites: catalogue number, or index where there is none."""
    catalogue = stage.constellation.elements.catalogue_id[satellite]
    return np.where(catalogue >= 0, catalogue, stage.satellite_index[satellite]).tolist()


def storm(target: Target, stage: Stage) -> Change:
    """Satellites that a storm brings down, each by the chance that its altitude gives it.

    The air that it heats takes low satellites down, for good. What it does meanwhile to the links of those that fly on
    is an event of kind `links-degraded`; a storm that does both is two events.
    """
    mask = named(target, stage)
    elements = stage.constellation.elements
    altitude_km = mean_altitude_m(elements.mean_motion, elements.inclination, elements.eccentricity) / 1e3
    shares = tuple(target.pairs("shares")) or storms.FEBRUARY_2022
    try:
        fallen = storms.fallen(target.seed, f"{target.name}: satellite", altitude_km, shares)
    except ScenarioError as error:
        raise ScenarioError(f"{target.where}: {error}") from None
    if mask.any() and not (mask & fallen).any():
        low, high = altitude_km[mask].min(), altitude_km[mask].max()
        raise ScenarioError(
            f"{target.where}: takes nobody at {low:.0f} to {high:.0f} km; give shares = [[altitude_km, share], ...]"
        )
    return Change({"satellite": mask & fallen})


def age(target: Target, stage: Stage) -> Change:
    """Satellites that grow old while nobody launches any: some fail on any day, the rest are brought down in time."""
    mask = named(target, stage)
    rate_per_day = target.share("rate_per_day")
    lifetime_years = target.span("lifetime_years") or ageing.LIFETIME_YEARS
    youngest, oldest = target.span("age_years") or AGE_YEARS
    if not 0.0 <= youngest <= oldest:
        raise ScenarioError(f"{target.where}: age_years is {youngest:g} to {oldest:g}; give the lower first, 0 or more")
    name = f"{target.name}: satellite"
    years = youngest + (oldest - youngest) * draws.chances(target.seed, f"{name}: age", len(mask))
    try:
        last_day = ageing.last_day(
            target.seed,
            name,
            years * ageing.DAYS_PER_YEAR,
            ageing.RATE_PER_DAY if rate_per_day is None else rate_per_day,
            lifetime_years,
        )
    except ScenarioError as error:
        raise ScenarioError(f"{target.where}: {error}") from None
    return Change({"satellite": mask}, last_day=last_day)


def named(target: Target, stage: Stage) -> np.ndarray:
    """Satellites that a target names, (satellite,) bool."""
    sky = stage.constellation
    mask = target.narrow("operator", sky.operator) & target.narrow("shell", sky.shell)
    generations = sorted(set(stage.generation.tolist()) - {""})
    mask &= target.narrow("generation", stage.generation, known=generations)
    planes = target.numbers("planes")
    if planes is not None:
        missing = sorted(set(planes) - set(sky.plane[mask].tolist()) | {plane for plane in planes if plane < 0})
        if missing:
            most = int(sky.plane[mask].max(initial=-1))
            span = f"planes are 0 to {most}" if most >= 0 else "a catalogue shows no planes"
            raise ScenarioError(f"{target.where}: there is no plane {missing[0]}; {span}")
        mask &= np.isin(sky.plane, planes)
    numbers = target.numbers("satellites")
    if numbers is not None:
        mask &= _numbered(target, stage, numbers, mask)
    return mask


def _numbered(target: Target, stage: Stage, numbers: list[int], among: np.ndarray) -> np.ndarray:
    """Satellites by number: a catalogue number where the elements have it, else the index that ends the name."""
    index, catalogue = stage.satellite_index, stage.constellation.elements.catalogue_id
    found_all = np.zeros(len(index), bool)
    for number in numbers:
        found = (catalogue == number) if (catalogue == number).any() else (index == number)
        if number < 0 or not (found & among).any():
            raise ScenarioError(
                f"{target.where}: no satellite has index or catalogue number {number} here; "
                f"indices are 0 to {int(index[among].max(initial=0))}"
            )
        found_all |= found
    return found_all


def flying(target: Target, stage: Stage) -> Callable[[np.ndarray], np.ndarray] | None:
    """Which satellites fly where a target says, of their positions; None where it says nothing of that."""
    height, band, disc = target.span("altitude_km"), target.span("latitude_deg"), target.near(stage.sites)
    if height is None and band is None and disc is None:
        return None

    def over(xyz_m: np.ndarray) -> np.ndarray:
        mask = np.ones(xyz_m.shape[-1], bool)
        if height is not None:
            mask &= chosen.at_height(xyz_m, *height)
        if band is not None:
            mask &= chosen.over_band(xyz_m, *band)
        if disc is not None:
            mask &= chosen.over_disc(xyz_m, *disc)
        return mask

    try:
        over(np.full((3, 1), np.nan))
    except ScenarioError as error:
        raise ScenarioError(f"{target.where}: {error}") from None
    return over
