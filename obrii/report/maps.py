"""Maps of who is served: cells coloured by reason and shaded by how long, with borders, gateways and towns.

Land, borders and the area itself are drawn once on the page and used by every map; a map adds the cells that lose
service, joined where they share a shade, and its own names. Maps of one variant differ in the size of letters only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from obrii.report import added as additions
from obrii.report import cover as covers
from obrii.report import islets, palette, projection, story
from obrii.report import mesh as meshes
from obrii.report.alike import alike
from obrii.report.cover import Cover
from obrii.report.islets import Islets
from obrii.report.labels import Label, Room
from obrii.report.markup import Markup, element, join
from obrii.report.mesh import Mesh
from obrii.report.messages import Words
from obrii.report.paths import path
from obrii.report.reading import LOST, PLANNED, Run, Variant, records
from obrii.report.sheet import WIDTH, Neighbour, Sheet, lay, neighbours, rings_of


@dataclass(frozen=True)
class Size:
    """How a map is lettered, in units of the sheet: height of letters, half that of marks, also in a crowd; towns at
    most, names of countries or not."""

    name: str
    letters: float
    mark: float
    crowded: float
    towns: int
    countries: bool


#: Some 1,100 pixels wide, some 700, and some 340.
BROAD = Size("broad", 23.0, 10.0, 6.0, 24, False)
LARGE = Size("large", 36.0, 15.0, 9.0, 16, True)
SMALL = Size("small", 66.0, 28.0, 13.0, 5, False)


@dataclass(frozen=True)
class Atlas:
    """Everything that the maps of a report share."""

    run: Run
    words: Words
    cover: Cover
    mesh: Mesh
    sheet: Sheet
    neighbours: list[Neighbour]
    islets: Islets

    def definitions(self) -> Markup:
        """What maps use, to stand once on the page."""
        land = path((ring for n in self.neighbours for ring in rings_of(n.land)), closed=True)
        borders = path((line for n in self.neighbours for line in rings_of(n.borders)), closed=False)
        area = self._area(np.ones(len(self.cover.id), bool))
        shared = [
            element(
                "g",
                element("path", d=path([self.sheet.sea()], closed=True), cls="sea"),
                element("path", d=land, cls="land"),
                element("path", d=borders, cls="borders", id="map-borders"),
                id="map-land",
            ),
            element("path", id="map-area", d=area, cls="served"),
            element("g", self._lines(area), id="map-lines"),
            *[self._lost(first, self.run.summary.variants.index(first)) for first, *_ in self.drawn()],
            *[self._dots(first, self.run.summary.variants.index(first)) for first, *_ in self.drawn()],
        ]
        return element(
            "svg",
            palette.patterns(_FINE if self.sheet.wide else 1.0),
            additions.patterns(self._added_shown(), _FINE if self.sheet.wide else 1.0),
            element("defs", shared),
            cls="defs",
            aria_hidden="true",
        )

    def drawn(self) -> list[list[Variant]]:
        """Variants by the map they have: intact alone, and each of the others with those whose map is the same."""
        intact, *others = self.run.summary.variants
        return [[intact], *alike(others, self._looks)]

    def picture(self, variants: Sequence[Variant], size: Size) -> Markup:
        """The map of variants that look the same."""
        variant = variants[0]
        room = Room(WIDTH, self.sheet.height)
        stations = self._stations(variant, size, room)
        towns = self._towns(size, room)
        countries = self._countries(size, room) if size.countries else Markup("")
        return element(
            "svg",
            element(
                "title", self.words.say("map.title", variant="; ".join(self.words.variant(v.name) for v in variants))
            ),
            element("desc", " ".join(said)) if (said := self._said(variants)) else "",
            element("use", href="#map-land"),
            element("use", href="#map-area"),
            element("use", href=f"#{_LOST_ID}-{self.run.summary.variants.index(variant)}"),
            element("use", href="#map-lines"),
            element("use", href=f"#{_DOTS_ID}-{self.run.summary.variants.index(variant)}"),
            element("g", countries, towns, stations, font_size=size.letters),
            viewBox=f"0 0 {WIDTH:.0f} {self.sheet.height:.0f}",
            role="img",
            cls=f"map {size.name}",
        )

    def _said(self, variants: Sequence[Variant]) -> list[str]:
        """What a map shows, for those who do not see it: nothing of intact, where nothing is lost."""
        others = [variant for variant in variants if variant is not self.run.summary.intact]
        return list(dict.fromkeys(story.caption(self.run, variant, self.words) for variant in others))

    def reasons_shown(self) -> list[str]:
        """Reasons that any of the maps shows, in their order."""
        seen = {
            self.cover.reasons[reason]
            for variant in self.run.summary.variants
            for reason in np.unique(self._reason(variant)[self._bands(variant) >= 0]).tolist()
        }
        return [reason for reason in palette.LOOKS if reason in seen]

    def adds(self) -> bool:
        """Whether any of the maps shows added terminals."""
        return bool(self._added_shown())

    def marks_shown(self) -> list[str]:
        """Marks that the maps show besides cells, as the legend names them."""
        looks = {
            look
            for variant in self.run.summary.variants
            for rows in [self._gateways(variant)]
            for look in rows["look"][self.sheet.holds(self._points(rows))].tolist()
        }
        looks |= {"pop"} if self._pops(self.run.summary.intact) else set()
        looks |= {"town"} if len(self.run.tables["towns"]) else set()
        looks |= {"islet"} if self.islets.tiny.any() else set()
        return [look for look in _MARKS if look in looks]

    def beyond(self) -> pd.DataFrame:
        """Cells of the run that lie beyond the southern end of the map."""
        cells = self.run.of("cells", self.run.summary.intact.name)
        return cells[self.sheet.projection.ends(cells["latitude_deg"].to_numpy(float))]

    def mark(self, name: str) -> Markup:
        """A mark as the legend shows it."""
        return element("svg", _MARKS[name], viewBox="-4 -1.3 8 2.6", cls="swatch mark", aria_hidden="true")

    def outside(self, table: str, variant: Variant) -> list[str]:
        """Names of the gateways or pops in use that are outside the frame, those that carry most first."""
        rows = self.run.of(table, variant.name)
        name = table.removesuffix("s")
        rows = rows[rows["cells_served_mean"] > 0].sort_values(["cells_served_mean", name], ascending=[False, True])
        return [self.words.station(text) for text in rows[name][~self.sheet.holds(self._points(rows))].tolist()]

    def _lines(self, area: str) -> Markup:
        """Lines over the cells: between places, and around all; on a wide map the borders, as cells are small there."""
        if self.sheet.wide:
            return element("use", href="#map-borders")
        inner = path((self._on(line) for line in self.mesh.lines(self.cover.place)), closed=False)
        return join(element("path", d=inner, cls="regions"), element("path", d=area, cls="rim"))

    def _lost(self, variant: Variant, number: int) -> Markup:
        """Cells without service, joined by reason and shade, with the pattern of the reason over them."""
        bands, reason = self._bands(variant), self._reason(variant)
        drawn = []
        for level, index in sorted(set(zip(bands[bands >= 0].tolist(), reason[bands >= 0].tolist(), strict=True))):
            name = self.cover.reasons[index]
            shape = self._area((bands == level) & (reason == index))
            drawn.append(element("path", d=shape, fill=palette.shade(name, level)))
        for index in sorted(set(reason[bands >= 0].tolist())):
            fill = palette.pattern(self.cover.reasons[index])
            if fill:
                drawn.append(element("path", d=self._area((bands >= 0) & (reason == index)), fill=fill))
        levels = self._added(variant)
        drawn += [
            element("path", d=self._area(levels == level), fill=additions.fill(level))
            for level in np.unique(levels[levels >= 0]).tolist()
        ]
        return element("g", drawn, id=f"{_LOST_ID}-{number}", fill_rule="evenodd")

    def _looks(self, variant: Variant) -> tuple[object, ...]:
        """What tells the map of a variant from others; discs by how many tenths of all cells they stand for."""
        bands, rows = self._bands(variant), self._gateways(variant)
        rows = rows[self.sheet.holds(self._points(rows))]
        carried = (10.0 * rows["cells_served_mean"] / self.run.summary.cells).round().tolist()
        return (
            bands.tobytes(),
            np.where(bands >= 0, self._reason(variant), 0).tobytes(),
            self._added(variant).tobytes(),
            tuple(sorted(zip(rows["gateway"], rows["look"], carried, strict=True))),
            tuple(name for name, _ in self._pops(variant)),
        )

    def _added(self, variant: Variant) -> np.ndarray:
        return additions.levels(self.cover.added[variant.name])

    def _added_shown(self) -> set[int]:
        return {level for variant in self.run.summary.variants for level in self._added(variant).tolist()} - {-1}

    def _dots(self, variant: Variant, number: int) -> Markup:
        """Places that are too small to be seen, over everything that is drawn of cells."""
        cover = self.cover
        dots = self.islets.dots(cover.lost[variant.name], self._reason(variant), cover.reasons)
        more = self.islets.added(cover.added[variant.name])
        return element("g", dots, more, id=f"{_DOTS_ID}-{number}")

    def _bands(self, variant: Variant) -> np.ndarray:
        lost = self.cover.lost[variant.name]
        bands = np.searchsorted([least for least, _ in palette.BANDS], lost, side="right") - 1
        return np.where(self._reason(variant) > 0, bands, -1)

    def _reason(self, variant: Variant) -> np.ndarray:
        return self.cover.reason[variant.name]

    def _area(self, chosen: np.ndarray) -> str:
        return path((self._on(ring) for ring in self.mesh.rings(chosen)), closed=True)

    def _on(self, corners: np.ndarray) -> np.ndarray:
        return self.sheet.on(self.mesh.corners[corners])

    def _points(self, rows: pd.DataFrame) -> np.ndarray:
        return self.sheet.at(rows["latitude_deg"].to_numpy(float), rows["longitude_deg"].to_numpy(float))

    def _gateways(self, variant: Variant) -> pd.DataFrame:
        """Gateways that any variant uses or loses, those that carry most in this one first."""
        rows = self.run.tables["gateways"]
        matter = rows["gateway"][(rows["cells_served_mean"] > 0) | (rows["state"] == LOST)]
        rows = self.run.of("gateways", variant.name)
        rows = rows[rows["gateway"].isin(matter) & (rows["state"] != PLANNED)]
        rows = rows.sort_values(["cells_served_mean", "gateway"], ascending=[False, True])
        return rows.assign(
            look=np.select([rows["state"] == LOST, rows["cells_served_mean"] > 0], ["lost", "gateway"], "idle")
        )

    def _stations(self, variant: Variant, size: Size, room: Room) -> Markup:
        """Gateways with discs as large as what they carry, crosses where they are lost, and points of presence."""
        rows = self._gateways(variant)
        points = self._points(rows)
        shown = self.sheet.holds(points)
        crowded = int(shown.sum()) > _CROWD
        half = size.crowded if crowded else size.mark
        discs, markers, names = [], [], []
        for row, (x, y) in zip(records(rows[shown]), points[shown].tolist(), strict=True):
            radius = size.letters * _DISC * (row["cells_served_mean"] / self.run.summary.cells) ** 0.5
            if radius > half:
                discs.append(element("circle", cx=round(x), cy=round(y), r=round(radius), cls="load"))
            names.append((row["gateway"], x, y, row["look"]))
        pops = [(name, x, y, "pop") for name, (x, y) in self._pops(variant)]
        for _, x, y, look in [*names, *pops]:
            room.block(x, y, half)
            markers.append(element("path", d=_SHAPES[look], cls=look, transform=_put(x, y, half)))
        if crowded:
            names = sorted(names, key=lambda name: name[3] != "lost")[:_NAMED_IN_CROWD]
        placed = [
            (room.place(self.words.station(name), x, y, size.letters, 1.3 * half, bold=look != "idle"), look)
            for name, x, y, look in (names if crowded else [*names, *pops])
        ]
        return join(discs, markers, [_text(label, f"name {look}") for label, look in placed if label])

    def _pops(self, variant: Variant) -> list[tuple[str, tuple[float, float]]]:
        rows = self.run.of("pops", variant.name)
        rows = rows[rows["cells_served_mean"] > 0].sort_values("pop")
        points = self._points(rows)
        held = self.sheet.holds(points)
        return [
            (name, (x, y))
            for name, (x, y), inside in zip(rows["pop"].tolist(), points.tolist(), held.tolist(), strict=True)
            if inside
        ]

    def _towns(self, size: Size, room: Room) -> Markup:
        """The largest towns that there is room for; one that a station is called after has its name already."""
        named = frozenset(room.said)
        rows = self.run.of("towns", self.run.summary.intact.name).sort_values(
            ["people", "town"], ascending=[False, True]
        )
        points = self._points(rows)
        drawn: list[Markup] = []
        dots: list[Markup] = []
        apart = _APART * size.letters if self.sheet.wide else 0.0
        there: list[tuple[float, float]] = []
        for town, (x, y) in zip(zip(rows["town"], rows["country"], strict=True), points.tolist(), strict=True):
            if len(dots) == size.towns:
                break
            if {town[0], self.words.town(*town)} & named or any(math.dist((x, y), other) < apart for other in there):
                continue
            label = room.place(self.words.town(*town), x, y, 0.92 * size.letters, 0.3 * size.letters)
            if label:
                there.append((x, y))
                dots.append(element("circle", cx=round(x), cy=round(y), r=round(0.14 * size.letters, 1)))
                drawn.append(_text(label, "town", 0.92 * size.letters))
        return join(element("g", dots, cls="dots") if dots else "", drawn)

    def _countries(self, size: Size, room: Room) -> Markup:
        """Names of the neighbours, where their land in the frame has room for them."""
        area = shapely.union_all([shapely.Polygon(self._on(ring)) for ring in self.mesh.rings(self.cover.place >= 0)])
        drawn = []
        for neighbour in self.neighbours:
            if neighbour.code.startswith(_USER_ASSIGNED):
                continue
            free = shapely.difference(neighbour.land, shapely.convex_hull(area).buffer(0))
            if free.area < 4 * size.letters**2:
                continue
            circle = shapely.maximum_inscribed_circle(free, tolerance=WIDTH / 100)
            x, y = shapely.get_coordinates(circle)[0].tolist()
            text = self.words.country_name(neighbour.code)
            label = room.centre(text, x, y, 1.05 * size.letters)
            if label and circle.length > 0.22 * len(text) * size.letters:
                drawn.append(_text(label, "country", 1.05 * size.letters))
        return join(drawn)


def atlas(run: Run, words: Words) -> Atlas | None:
    """The atlas of a run; None where it has no cells."""
    cover = covers.cover(run)
    if cover is None:
        return None
    onto = projection.fit(cover.latitude_deg, cover.longitude_deg)
    cover = cover.only(~onto.ends(cover.latitude_deg))
    mesh = meshes.build(cover.id, onto)
    gateways = run.tables["gateways"]
    weight = gateways["cells_served_mean"].where(gateways["state"] != LOST, np.inf)
    order = gateways.assign(weight=weight).groupby("gateway", sort=True).agg(
        {"weight": "max", "latitude_deg": "first", "longitude_deg": "first"}
    ).query("weight > 0").sort_values("weight", ascending=False, kind="stable")  # fmt: skip
    stations = onto.flat(order["latitude_deg"].to_numpy(float), order["longitude_deg"].to_numpy(float))
    sheet = lay(mesh.corners, stations, onto)
    centres = sheet.at(cover.latitude_deg, cover.longitude_deg)
    return Atlas(run, words, cover, mesh, sheet, neighbours(sheet), islets.find(mesh, sheet, centres))


#: First letter of codes that ISO 3166-1 leaves to users: their land is drawn, and not named as a country.
_USER_ASSIGNED = "X"

#: Radius of the disc of a gateway that carries every cell, in heights of letters.
_DISC = 2.2

#: Gateways in the frame beyond which only so many are named, those that are lost or carry most.
_CROWD, _NAMED_IN_CROWD = 12, 8

#: Least distance between towns on a wide map, in heights of letters.
_APART = 4.0

#: Size of patterns on a wide map against others, as its cells are small.
_FINE = 0.5

#: What the names begin with under which the lost cells of a variant stand on the page.
_LOST_ID = "map-lost"

#: The same of dots for places that are too small to be seen.
_DOTS_ID = "map-dots"

#: Shapes of stations by their look, one unit around their middle.
_TRIANGLE, _CROSS, _DIAMOND = "M0-1L1 .8H-1Z", "M-.8-.8L.8 .8M.8-.8L-.8 .8", "M0-1L1 0 0 1-1 0Z"
_SHAPES = {"gateway": _TRIANGLE, "idle": _TRIANGLE, "lost": _CROSS, "pop": _DIAMOND}

_MARKS = {
    "gateway": join(
        element("circle", r=1.3, cls="load"), element("path", d=_TRIANGLE, cls="gateway", transform="scale(.7)")
    ),
    "idle": element("path", d=_TRIANGLE, cls="idle"),
    "lost": element("path", d=_CROSS, cls="lost"),
    "pop": element("path", d=_DIAMOND, cls="pop"),
    "town": element("circle", r=0.4, cls="dots"),
    "islet": join(element("path", d="M0 0h0", cls="islet-rim"), element("path", d="M0 0h0", cls="islet served-rim")),
}


def _put(x: float, y: float, half: float) -> str:
    return f"translate({x:.0f} {y:.0f}) scale({half:.0f})"


def _text(label: Label, style: str, size: float | None = None) -> Markup:
    return element(
        "text", label.text, x=round(label.x), y=round(label.y), text_anchor=label.anchor, cls=style,
        font_size=None if size is None else round(size),
    )  # fmt: skip
