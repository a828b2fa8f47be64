"""Colours and patterns of the maps: one for served, one for each reason of having no service.

Near the hues of Okabe and Ito (2008), moved apart until the strongest shades differ for readers of any colour vision
(G. M. Machado and others, IEEE Trans. Vis. Comput. Graph. 15(6), 2009; the tests measure it); reasons of one hue are
told apart by a pattern. Served is pale and calm, no service is strong, so that a print in grey reads the same.
"""

from __future__ import annotations

from typing import NamedTuple

from obrii.report.markup import Markup, element


class Look(NamedTuple):
    """Colour of a reason as (red, green, blue) of 255, and the name of its pattern, or none."""

    colour: tuple[int, int, int]
    pattern: str


#: What is lost for no stated reason, and bars of delay, which is no loss.
NEUTRAL, DELAY = "#d5d9de", "#00548c"

#: What is lost, and made up for by terminals of somebody else.
BACK = "#00785a"

SERVED, PAPER = (176, 210, 232), (255, 255, 255)

_VERMILION, _CHARCOAL, _PURPLE, _ORANGE = (200, 64, 8), (22, 31, 37), (89, 24, 147), (243, 140, 0)
_MAGENTA, _OLIVE, _GREY = (154, 10, 105), (145, 136, 90), (165, 170, 177)

#: Reasons in the order in which filters run over the candidates.
LOOKS = {
    "core-off": Look(_CHARCOAL, "plain"),
    "not-licensed": Look(_GREY, "lines"),
    "not-listed": Look(_VERMILION, "dots"),
    "switched-off": Look(_VERMILION, "plain"),
    "below-mask": Look(_OLIVE, "plain"),
    "geostationary-arc": Look(_OLIVE, "bars"),
    "satellite-off": Look(_OLIVE, "dots"),
    "no-gateway-in-sight": Look(_PURPLE, "dots"),
    "gateway-off": Look(_PURPLE, "plain"),
    "no-laser-path": Look(_PURPLE, "bars"),
    "pop-off": Look(_MAGENTA, "plain"),
    "fibre-off": Look(_MAGENTA, "bars"),
    "no-antenna": Look(_ORANGE, "plain"),
    "no-beam": Look(_ORANGE, "dots"),
}

#: Shares of time without service from which each shade holds, and how much of the colour it takes; below the first, a
#: cell counts as served.
BANDS = ((0.01, 0.30), (0.10, 0.52), (0.50, 0.76), (0.90, 1.00))

#: How strongly a pattern shows over its colour.
_PATTERN_OPACITY = 0.75

#: Colour of dark letters.
_INK = "#16202b"

#: Side of a tile of a pattern, in units of a map.
_TILE = 36

_DRAWINGS = {
    "dots": element("circle", cx=9, cy=9, r=5.5, fill="#fff") + element("circle", cx=27, cy=27, r=5.5, fill="#fff"),
    "lines": element("path", d="M-9 9L9 -9M0 36L36 0M27 45L45 27", stroke="#fff", stroke_width=9),
    "bars": element("path", d="M0 9H36M0 27H36", stroke="#fff", stroke_width=7),
}


def band(lost: float) -> int:
    """Index of the shade of a share of time without service; -1 where it counts as served.

    >>> band(0.0), band(0.05), band(1.0)
    (-1, 0, 3)
    """
    return sum(lost >= least for least, _ in BANDS) - 1


def shade(reason: str, level: int) -> str:
    """Colour of a reason at a band, or of being served where the band is -1, as CSS writes it.

    >>> shade("", -1), shade("switched-off", 3)
    ('#b0d2e8', '#c84008')
    """
    if level < 0:
        return _css(SERVED)
    strength = BANDS[level][1]
    colour = LOOKS[reason].colour
    return _css(tuple(round(strength * c + (1 - strength) * p) for c, p in zip(colour, PAPER, strict=True)))


def strongest(reason: str | None) -> str:
    """Colour of a reason where it holds all the time; a grey where there is none."""
    return shade(reason, len(BANDS) - 1) if reason else NEUTRAL


def ink(reason: str, level: int) -> str:
    """Colour of letters that can be read on a shade.

    >>> ink("switched-off", 3), ink("switched-off", 0)
    ('#fff', '#16202b')
    """
    return max(("#fff", _INK), key=lambda letters: contrast(letters, shade(reason, level)))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21, as the Web Content Accessibility Guidelines 2.1 define it.

    >>> round(contrast("#fff", "#000000"))
    21
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def patterns(scale: float = 1.0) -> Markup:
    """Definitions of the patterns, to stand once on a page; scale: of their tiles."""
    size = None if scale == 1.0 else f"scale({scale:g})"
    tiles = [
        element(
            "pattern", Markup(drawing), id=f"pattern-{name}", width=_TILE, height=_TILE,
            patternUnits="userSpaceOnUse", patternTransform=size, opacity=_PATTERN_OPACITY, fill="none",
        )
        for name, drawing in _DRAWINGS.items()
    ]  # fmt: skip
    return element("defs", tiles)


def pattern(reason: str) -> str | None:
    """Fill that lays the pattern of a reason over its colour; None where it has none."""
    name = LOOKS[reason].pattern
    return None if name == "plain" else f"url(#pattern-{name})"


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _css(colour: tuple[int, ...]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
