"""Every case against everything working: a row a case of the whole area, and folded away the places that change most.

Places that change alike stand in one row; cases whose places change alike stand together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from obrii.report import compared_columns as columns
from obrii.report import palette
from obrii.report.alike import alike
from obrii.report.compared_columns import Column, Row
from obrii.report.markup import Markup, element, join
from obrii.report.messages import Words
from obrii.report.neighbours import felt, neighbours, what_changes
from obrii.report.reading import Run, Variant, records
from obrii.report.story import WORTH_SAYING
from obrii.report.tables import scrolling
from obrii.results.differences import DEFINITIONS

#: Columns of the whole area by what a run is about: what leads stands first, with bars.
_AREA = {
    "loss": (columns.MINUTES, columns.LONGEST, columns.GAPS, columns.RTT, columns.SLOWER),
    "gaps": (columns.GAPS, columns.LONGEST, columns.MINUTES, columns.RTT, columns.SLOWER),
    "delay": (columns.RTT, columns.SLOWER, columns.MINUTES, columns.LONGEST, columns.GAPS),
}
_AREA_MORE = (columns.CAPACITY, columns.DEGRADED, columns.TOOK)

#: Columns of places.
_PLACES = (
    columns.LOST, columns.ADDED, columns.MINUTES, columns.LONGEST, columns.GAPS, columns.RTT, columns.SLOWER,
    columns.RATE, columns.DEGRADED, columns.TOOK,
)  # fmt: skip

#: Gaps of a terminal from which a run is about gaps, unless more than half is lost.
_MANY_GAPS, _HALF = 2.0, 0.5

#: What is said of a place in a few words: of these, the first that changes.
_FELT = {
    "loss": columns.CHANGES,
    "gaps": (columns.LONGEST, *columns.CHANGES),
    "delay": (columns.SLOWER, *columns.CHANGES),
}

#: Part of the largest loss from which the least is like it.
_EVEN = 0.9

#: Rows of a kind of place, names in a row and in a heading, at most.
_ROWS, _NAMES, _HEADED = 8, 8, 3

#: Rows from which groups of terminals are told apart.
_APART = 2

#: Part of the measured time without service, with everything working, from which a place is never served.
_NEVER = 0.999


class Place(NamedTuple):
    """A row of places that change alike: their names, and the row of the first."""

    names: tuple[str, ...]
    row: Row


def compared(run: Run, words: Words) -> Markup:
    """The table of the whole area, and what changes in the places of each case; nothing for a run without."""
    area = {row["variant"]: row for row in _rows(run, "compared_area")}
    rows = [area[variant.name] for variant in run.summary.others if variant.name in area]
    if not rows:
        return Markup("")
    kind = about(rows)
    return join(
        element("p", words.say("compared.text")),
        _area(run, rows, kind, words),
        element("h3", words.say("compared.places")),
        [_case(run, found, words) for found in _cases(run, words)],
    )


def title(run: Run, words: Words) -> str:
    """What the section is called: by what the run is about."""
    rows = _rows(run, "compared_area")
    kind = about(rows)
    if kind == "loss" and not any(columns.LOST.changes(row) for row in rows):
        kind = "changes"
    return words.say(f"compared.title.{kind}")


def about(rows: Sequence[Row]) -> str:
    """What the cases of a run are about: loss, gaps or delay.

    >>> about([{"share_lost": 0.0, "rtt_stretch": 3.9}]), about([{"share_lost": 0.06, "gaps_after_mean": 5.7}])
    ('delay', 'gaps')
    """
    lost = max((columns.number(row, "share_lost") for row in rows), default=0.0)
    gaps = max((columns.number(row, "gaps_after_mean") for row in rows), default=0.0)
    if gaps >= _MANY_GAPS and lost < _HALF:
        return "gaps"
    slower = any(columns.RTT.changes(row) or columns.SLOWER.changes(row) for row in rows)
    return "delay" if lost < WORTH_SAYING and slower else "loss"


def defined(run: Run, words: Words) -> list[tuple[str, str]]:
    """Heads of the columns that the section shows, and what each means."""
    rows = _rows(run, "compared_area")
    if not rows:
        return []
    places = [row for name in ("countries", "regions", "towns") for row in _rows(run, f"compared_{name}")]
    area, _ = columns.shown((*_AREA[about(rows)], *_AREA_MORE), rows, words)
    below, _ = columns.shown(_PLACES, places, words)
    # What capacity is, the part about rates says.
    used = [column for column in dict.fromkeys([*area, *below]) if column.defined in DEFINITIONS]
    least = {"delay": words.percent(columns.LEAST_DELAY), "rate": words.percent(columns.LEAST_RATE)}
    sides = (words.say("compared.sides"), words.say("compared.sides.text", **least))
    terms = [(words.say(f"compared.{column.name}"), words.text(DEFINITIONS[column.defined])) for column in used]
    if len(run.tables["compared_restored"]):
        terms.append((words.say("compared.restored"), words.say("compared.restored.define")))
    return [sides, *terms]


def _area(run: Run, rows: list[Row], kind: str, words: Words) -> Markup:
    """A row a case of the whole area."""
    found, same = columns.shown((*_AREA[kind], *_AREA_MORE), rows, words)
    extra: dict[str, Sequence[str]] = {
        "compared.restored": [_restored(run, row["variant"], words) for row in rows],
        "compared.neighbours": [_neighbours(run, row["variant"], words) for row in rows],
    }
    extra = {key: cells for key, cells in extra.items() if any(cells)}
    heads = [_head("table.variant", words), *(_head(f"compared.{c.name}", words, c is columns.TOOK) for c in found)]
    heads += [element("th", words.say(key), _one_loss(run, key, words), scope="col", cls="words") for key in extra]
    reasons = {variant.name: variant.main_reason for variant in run.summary.variants}
    body = [
        element(
            "tr",
            element("th", words.variant(row["variant"]), scope="row"),
            [_cell(column, row, words, reasons[row["variant"]], k == 0) for k, column in enumerate(found)],
            [element("td", cells[number], cls="words") for cells in extra.values()],
        )
        for number, row in enumerate(rows)
    ]
    table = scrolling(element("thead", element("tr", heads)), element("tbody", body), cls="numbers compared")
    said = [f"{words.say(f'compared.{column.name}')}: {column.says(rows[0], words)[0]}" for column in same]
    return join(table, element("p", words.say("compared.same", said="; ".join(said)), cls="quiet") if said else "")


def _one_loss(run: Run, key: str, words: Words) -> Markup:
    """Whose loss options restore, below the head of their column, where all of them restore the same."""
    losses = run.tables["compared_restored"]["loss"].unique().tolist()
    if key != "compared.restored" or len(losses) != 1:
        return Markup("")
    return element("small", words.say("compared.restored.of", loss=words.case(losses[0])))


def _head(key: str, words: Words, wide: bool = False) -> Markup:
    return element("th", words.say(key), scope="col", cls="words" if wide else None)


def _cell(column: Column, row: Row, words: Words, reason: str | None, leads: bool) -> Markup:
    """A number, quiet where it is no change; in the first column with a bar in the colour of the reason."""
    text, below = column.says(row, words)
    changes = column.changes(row)
    bar = Markup("")
    if leads:
        colour = palette.DELAY if column is columns.RTT else palette.strongest(reason)
        part = element("i", style=f"width:{100 * column.part(row):.0f}%;background:{colour}") if changes else ""
        bar = element("span", part, cls="bar")
    looks = [("leads", leads), ("words", column is columns.TOOK), ("quiet", not changes and column is not columns.TOOK)]
    cls = " ".join(look for look, has in looks if has)
    return element("td", bar, text, element("small", below) if below else "", cls=cls or None)


def _restored(run: Run, variant: str, words: Words) -> Markup:
    """Which share of a loss an option restores, and how much it adds beside it."""
    frame = run.tables["compared_restored"]
    many = frame["loss"].nunique() > 1
    said = []
    for row in records(frame[frame["option"] == variant]):
        share, more = (words.kept(row[name]) for name in ("share_restored", "share_added"))
        back = min(1.0, columns.number(row, "share_restored"))
        parts = [back, min(1.0 - back, columns.number(row, "share_added"))]
        bar = [element("i", style=f"width:{100 * part:.0f}%") for part in parts]
        said.append(
            join(
                element("span", bar, cls="bar gain"),
                element("span", words.say("compared.restored.text", restored=share), cls="line"),
                element("span", words.say("compared.restored.more", added=more), cls="line"),
                element("small", words.say("compared.restored.of", loss=words.case(row["loss"]))) if many else "",
            )
        )
    return join(said)


def _neighbours(run: Run, variant: str, words: Words) -> str:
    """What neighbours of those whom a case is aimed at feel."""
    near = neighbours(run, next(v for v in run.summary.others if v.name == variant))
    rows = [row for row in _rows(run, "compared_countries", variant) if row["country"] in near and not _never(row)]
    rows.sort(key=columns.weight)
    return felt(rows, lambda row: words.country_name(row["country"]), words)


class _Case(NamedTuple):
    """Cases whose places change alike, and their places by kind."""

    variants: list[Variant]
    places: dict[str, list[Place]]
    quiet: dict[str, list[str]]


def _cases(run: Run, words: Words) -> list[_Case]:
    """What changes in the places of every case."""
    found = {variant.name: _places(run, variant.name, words) for variant in run.summary.others}

    def looks(variant: Variant) -> str:
        places, quiet = found[variant.name]
        told = [[place.names, _said(place.row, words)] for rows in places.values() for place in rows]
        return repr((told, quiet))

    return [_Case(those, *found[those[0].name]) for those in alike(run.summary.others, looks)]


def _places(run: Run, variant: str, words: Words) -> tuple[dict[str, list[Place]], dict[str, list[str]]]:
    """Places of a variant by kind: those that change, alike ones together; and names of those that do not."""
    kinds: dict[str, Callable[[Row], str]] = {}
    if run.many_countries:
        kinds["countries"] = lambda row: words.country_name(row["country"])
    kinds["regions"] = lambda row: str(row[f"name_{words.language}" if f"name_{words.language}" in row else "name"])
    towns = run.of("towns", run.summary.intact.name)
    home = dict(zip(zip(towns["town"], towns.get("cell", towns.index), strict=True), towns["country"], strict=True))
    kinds["towns"] = lambda row: words.town(row["town"], home.get((row["town"], row["cell"]), ""))
    kinds["groups"] = lambda row: words.text(row["group"])
    places, quiet = {}, {}
    for kind, named in kinds.items():
        rows = sorted((row for row in _rows(run, f"compared_{kind}", variant) if not _never(row)), key=columns.weight)
        merged: dict[str, list[Row]] = {}
        for row in rows:
            if columns.changed(row):
                merged.setdefault(_said(row, words), []).append(row)
        if kind == "groups" and len(merged) < _APART:
            continue
        places[kind] = [Place(tuple(named(row) for row in those), those[0]) for those in merged.values()]
        quiet[kind] = [named(row) for row in rows if not columns.changed(row)]
    return places, quiet


def _said(row: Row, words: Words) -> str:
    """All that is written of a row."""
    return repr([column.says(row, words) for column in _PLACES])


def _never(row: Row) -> bool:
    """Whether a place is never served, not even with everything working, and nothing is added there."""
    before = row["minutes_without_before"]
    return not before < _NEVER * row["measured_min"] and not columns.number(row, "share_gained")


def _case(run: Run, case: _Case, words: Words) -> Markup:
    """The places of a case, folded away under its name and what changes most."""
    names = element("b", "; ".join(words.variant(variant.name) for variant in case.variants))
    summary = element("summary", names, element("small", _headline(run, case, words)))
    rows = [place.row for those in case.places.values() for place in those[:_ROWS]]
    found = [column for column in _PLACES if any(column.changes(row) for row in rows)]
    if not found:
        return element("p", names, element("small", _headline(run, case, words)), cls="still")
    reason = case.variants[0].main_reason
    bodies = [_body(kind, case, found, reason, words) for kind in case.places]
    heads = [element("th", "", scope="col"), *(_head(f"compared.{c.name}", words, c is columns.TOOK) for c in found)]
    table = scrolling(element("thead", element("tr", heads)), *bodies, cls="numbers compared")
    return element("details", summary, table, cls="case")


def _body(kind: str, case: _Case, found: list[Column], reason: str | None, words: Words) -> Markup:
    """Places of one kind: those that change most, how many more change, and which do not."""
    places, quiet = case.places[kind], case.quiet[kind]
    width = len(found) + 1
    rows = [element("tr", element("th", words.say(f"compared.{kind}"), scope="rowgroup", colspan=width, cls="kind"))]
    for place in places[:_ROWS]:
        cells = [_shaded(column, place.row, reason, words) for column in found]
        rows.append(element("tr", element("th", words.first(place.names, _NAMES), scope="row"), cells))
    more = sum(len(place.names) for place in places[_ROWS:])
    said = [words.say("compared.more", count=words.exact(more))] if more else []
    said += [words.say("compared.quiet", names=words.first(quiet, _NAMES))] if quiet else []
    if said:
        rows.append(element("tr", element("td", " ".join(said), colspan=width, cls="words quiet")))
    return element("tbody", rows)


def _shaded(column: Column, row: Row, reason: str | None, words: Words) -> Markup:
    """A number of a place; what is lost on the colour that maps give it."""
    level = palette.band(column.part(row)) if column is columns.LOST and reason else -1
    if level < 0 or reason is None:
        return _cell(column, row, words, reason, False)
    style = f"background:{palette.shade(reason, level)};color:{palette.ink(reason, level)}"
    return element("td", column.says(row, words)[0], style=style)


def _headline(run: Run, case: _Case, words: Words) -> str:
    """Which places change most, and in how many nothing does."""
    kind = next((kind for kind in ("countries", "regions", "towns") if len(_all(case, kind)) > 1), "")
    if not kind or not case.places[kind]:
        return words.say("compared.headline.nothing")
    order, quiet = _FELT[about(_rows(run, "compared_area"))], len(case.quiet[kind])
    if order[0] is columns.LOST and not quiet:
        said = [_alike_in(column, case.places[kind], words) for column in (columns.LOST, columns.ADDED)]
        if said[0]:
            return words.say("compared.headline.all", what=", ".join(filter(None, said)))
    found: dict[str, list[str]] = {}
    for place in case.places[kind]:
        found.setdefault(what_changes(place.row, order, words), []).extend(place.names)
    if len(found) == 1 and not quiet:
        return words.say("compared.headline.all", what=next(iter(found)))
    told = [
        words.say("compared.neighbour", name=words.first(names, _HEADED), what=what)
        for what, names in list(found.items())[:_HEADED]
    ]
    sentences = [words.say("compared.headline", said="; ".join(told))]
    if quiet:
        key = "compared.headline.quiet" if quiet <= _HEADED else f"compared.headline.{kind}"
        sentences.append(words.say(key, count=words.exact(quiet), names=words.listing(case.quiet[kind])))
    return " ".join(sentences)


def _alike_in(column: Column, places: Sequence[Place], words: Words) -> str:
    """What all places lose or gain, where it is much the same in all; empty where it is not."""
    found = [columns.number(place.row, column.defined) for place in places]
    if not min(found) >= _EVEN * max(found) > 0.0:
        return ""
    least, most = words.kept(min(found)), words.kept(max(found))
    between = most if least == most else words.say("compared.headline.between", least=least, most=most)
    return words.say(f"compared.felt.{column.name}", value=between)


def _all(case: _Case, kind: str) -> list[str]:
    return [*(name for place in case.places.get(kind, []) for name in place.names), *case.quiet.get(kind, [])]


def _rows(run: Run, table: str, variant: str | None = None) -> list[Row]:
    """Rows of a table of changes, with the length of the time that is measured [min], and the most gaps of a case."""
    minutes = {v.name: v.acting_steps * run.summary.step_s / 60.0 for v in run.summary.variants}
    most = run.tables["compared_area"]["gaps_after_mean"].max()
    frame = run.tables[table] if variant is None else run.of(table, variant)
    return [{**row, "measured_min": minutes[row["variant"]], "most_gaps": most} for row in records(frame)]
