"""What an event takes, in words, by what the scenario aims it at: the end of a sentence that begins with "when".

    {shell = "s1", planes = [3]}                    when one plane of shell s1 fails
    {operator = "starlink", share = 0.05}           when a twentieth of the satellites of Starlink fail
    {sites = "Usingen", count = 2}                  when 2 antennas of Usingen are lost

A sentence is a key of the messages, and clauses of whose, where and how much. An event without a target is told by its
kind alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from obrii.errors import ScenarioError
from obrii.ground import gazetteer
from obrii.report.messages import Words
from obrii.report.reading import Event

#: Names of one clause, at most.
_MOST = 5

#: Parts of one that have a word, and how far off a share may be that is called so.
_PARTS, _NEARLY = (2, 3, 4, 5, 10, 20, 100), 0.005

_Target = dict[str, Any]


def told(event: Event, words: Words) -> str | None:
    """What an event takes; None where only its results tell, or nothing does."""
    tell = _TELL.get(event.kind)
    return tell(event.target, words) if tell is not None and event.target else None


def _service(target: _Target, words: Words) -> str | None:
    whom = _whom(target, words)
    where = _strip(target, words) + _near(target, words)
    return words.say("told.service", whom=whom, where=where) if whom or where else None


def _service_limit(target: _Target, words: Words) -> str:
    return words.say("told.limit", rate=words.rate(target["limit_bps"]), whom=_whom(target, words))


def _whom(target: _Target, words: Words) -> str:
    return words.say("told.whom", groups=_names(target, "groups", words)) if "groups" in target else ""


def _listed_only(target: _Target, words: Words) -> str:
    refused = target.get("refused_share", 0.0)
    key = "told.listed" if refused else "cause.listed-only"
    return words.say(key, refused=words.percent(refused))


def _core_off(target: _Target, words: Words) -> str:
    core = words.say("told.core.of" if "operator" in target else "told.core.any", operators=_operators(target, words))
    left = target.get("left", 0.0)
    return words.say("told.core.left" if left else "told.core", core=core, left=words.percent(left))


def _operator_off(target: _Target, words: Words) -> str:
    count = _count(target, "operator", words)
    return words.say("told.operator", operators=_operators(target, words), count=count)


def _satellites_off(target: _Target, words: Words) -> str:
    of, where = _of(target, words), _over(target, words)
    listed, planes = _list(target, "satellites"), _list(target, "planes")
    most, count = target.get("most"), target.get("count") or len(listed)
    said = {"of": of, "where": where, "count": words.exact(count)}
    if most:
        return words.say(f"told.{most}.one" if count == 1 else f"told.{most}", **said)
    if "share" in target:
        return words.say("told.satellites.share", **{**said, "part": _part(target, words)})
    if count:
        return words.say("told.satellites.count", **said)
    if planes:
        said["count"] = words.exact(len(planes))
        return words.say("told.plane" if len(planes) == 1 else "told.planes", **said)
    return words.say("told.satellites", **said)


def _storm(target: _Target, words: Words) -> str:
    return words.say("told.storm", of=_of(target, words))


def _ageing(target: _Target, words: Words) -> str:
    return words.say("told.ageing", of=_of(target, words))


def _degraded(target: _Target, words: Words) -> str:
    links = _list(target, "links") or ["user", "gateway"]
    named = words.listing([words.say(f"told.links.{link}") for link in links])
    which = words.say("told.links.radio") if set(links) == {"user", "gateway"} else named
    share, mask_deg = target.get("capacity_share", 1.0), target.get("min_elevation_deg")
    said = {"share": words.percent(share), "mask": words.mean(mask_deg)}
    effects = [words.say("told.carry", **said)] if share < 1.0 else []
    effects += [words.say("told.mask", **said)] if mask_deg is not None else []
    where = _over(target, words, "on") + _countries(target, words)
    if not effects:
        return words.say("cause.links-degraded")
    return words.say("told.degraded", links=which, of=_of(target, words), where=where, effects=words.listing(effects))


def _lasers_off(target: _Target, words: Words) -> str:
    cross = _list(target, "links") == ["cross-plane"]
    kind = "cross" if cross else "lasers"
    said = {"of": _of(target, words), "count": words.exact(target.get("count", 0)), "part": _part(target, words)}
    return words.say(f"told.{kind}{_amount(target)}", **said)


def _antennas_off(target: _Target, words: Words) -> str:
    return _ground("antennas", target, words)


def _sites_off(target: _Target, words: Words) -> str:
    return _ground("sites", target, words)


def _ground(what: str, target: _Target, words: Words) -> str:
    """Antennas or sites: of named sites, in countries, of an operator; all, a share, or a count of them."""
    sites, amount = _list(target, "sites"), _amount(target)
    said = {"count": words.exact(target.get("count", 0)), "part": _part(target, words)}
    if not sites:
        where = _countries(target, words)
        return words.say(f"told.{what}{amount}", **said, of=_of(target, words), where=where)
    named = words.first([words.station(name) for name in sites], _MOST)
    each = words.say("told.antennas.each") if len(sites) > 1 else ""
    return words.say(f"told.{what}{amount}.named", **said, sites=named, number=words.exact(len(sites)), each=each)


def _fibre_off(target: _Target, words: Words) -> str:
    fibres = _list(target, "fibres")
    if fibres:
        named = [" – ".join(words.station(end) for end in name.split(" - ")) for name in fibres]
        return words.say("told.fibre.named", fibres=words.first(named, _MOST), number=words.exact(len(fibres)))
    sites = [words.station(name) for name in _list(target, "sites")]
    where = words.say("told.to", sites=words.first(sites, _MOST)) if sites else _countries(target, words)
    said = {"of": _of(target, words), "where": where, "count": words.exact(target.get("count", 0))}
    return words.say(f"told.fibre{_amount(target)}", **said, part=_part(target, words))


def _amount(target: _Target) -> str:
    return next((f".{key}" for key in ("share", "count") if key in target), "")


def _part(target: _Target, words: Words) -> str:
    """A share in words where it has some, else in percent."""
    share = float(target.get("share", 0.0))
    for parts in _PARTS if share else ():
        if abs(share * parts - 1.0) < _NEARLY:
            return words.say(f"part.{parts}")
    return words.percent(share)


def _of(target: _Target, words: Words) -> str:
    """Whose they are: shells, generations, operators."""
    said = ""
    for key in ("shell", "generation"):
        if key in target:
            said += words.say(f"told.of.{key}", names=_names(target, key, words), count=_count(target, key, words))
    if "operator" in target:
        several = "s" if len(_list(target, "operator")) > 1 else ""
        said += words.say(f"told.of.operator{several}", names=_operators(target, words))
    return said


def _over(target: _Target, words: Words, how: str = "over") -> str:
    """Where satellites fly, or links end: a band of latitudes, a disc, a height."""
    said = ""
    if "latitude_deg" in target:
        south, north = target["latitude_deg"]
        side = "north" if south >= 0 else "south" if north <= 0 else "both"
        low, high = (words.mean(abs(x)) for x in ((north, south) if side == "south" else (south, north)))
        said += words.say(f"told.{how}.band", band=words.say(f"told.band.{side}", low=low, high=high))
    said += _near(target, words, how)
    if "altitude_km" in target:
        low, high = (words.mean(x) for x in target["altitude_km"])
        said += words.say("told.height", low=low, high=high)
    return said


def _near(target: _Target, words: Words, how: str = "on") -> str:
    if "near" not in target:
        return ""
    disc = target["near"]
    return words.say(f"told.{how}.disc", radius=words.count(disc["radius_km"]), place=_place(disc["place"], words))


def _strip(target: _Target, words: Words) -> str:
    if "strip" not in target:
        return ""
    return words.say("told.strip", width=words.mean(target["strip"].get("width_km", 0.0)))


def _place(place: str | Sequence[float], words: Words) -> str:
    """A site's or town's name in the language, or degrees."""
    if not isinstance(place, str):
        latitude, longitude = (words.grouped(float(x), 2) for x in place)
        return words.say("told.point", latitude=latitude, longitude=longitude)
    try:
        town = gazetteer.find(place)
    except ScenarioError:
        return words.station(place)
    return words.town(town.name, town.country)


def _countries(target: _Target, words: Words) -> str:
    codes = _list(target, "countries")
    if not codes:
        return ""
    named = sorted((words.country_name(code) for code in codes), key=words.order)
    return words.say("told.in", countries=words.first([words.country(name) for name in named], _MOST))


def _operators(target: _Target, words: Words) -> str:
    return words.listing([words.operator(name) for name in _list(target, "operator")])


def _names(target: _Target, key: str, words: Words) -> str:
    return words.first([words.text(str(name)) for name in _list(target, key)], _MOST)


def _count(target: _Target, key: str, words: Words) -> str:
    return words.exact(len(_list(target, key)))


def _list(target: _Target, key: str) -> list[Any]:
    """What a key holds, one or several."""
    values = target.get(key, [])
    return list(values) if isinstance(values, (list, tuple)) else [values]


#: How each kind of event is told by its target.
_TELL: dict[str, Callable[[_Target, Words], str | None]] = {
    "service-off": _service,
    "service-limit": _service_limit,
    "listed-only": _listed_only,
    "core-off": _core_off,
    "operator-off": _operator_off,
    "satellites-off": _satellites_off,
    "storm": _storm,
    "ageing": _ageing,
    "links-degraded": _degraded,
    "lasers-off": _lasers_off,
    "antennas-off": _antennas_off,
    "sites-off": _sites_off,
    "fibre-off": _fibre_off,
}
