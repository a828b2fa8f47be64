"""Colours: told apart by readers with any colour vision, in print, and under letters."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from obrii.report import palette

#: Full protanopia, deuteranopia and tritanopia as matrices on linear RGB. G. M. Machado, M. M. Oliveira and
#: L. A. F. Fernandes, IEEE Trans. Vis. Comput. Graph. 15(6), 2009, severity 1.0.
VISIONS = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}

#: Least difference of two areas of a map in CIE 1976 units. Two units are just told apart side by side; ten times
#: that is told apart at a distance on the page.
TOLD_APART = 20.0

STRONGEST = len(palette.BANDS) - 1


def seen(colour: str, vision: str) -> np.ndarray:
    """Return CIE L*a*b* (D65) of a colour as somebody sees it."""
    rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(VISIONS[vision] @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear
    x, y, z = np.where((part := xyz / [0.9505, 1.0, 1.089]) > 0.008856, np.cbrt(part), 7.787 * part + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("vision", VISIONS)
def test_two_reasons_differ_by_colour_or_by_pattern(vision: str) -> None:
    for one, other in combinations(palette.LOOKS, 2):
        if palette.LOOKS[one].pattern == palette.LOOKS[other].pattern:
            apart = seen(palette.shade(one, STRONGEST), vision) - seen(palette.shade(other, STRONGEST), vision)
            assert np.linalg.norm(apart) > TOLD_APART, (one, other)


@pytest.mark.parametrize("vision", VISIONS)
def test_no_service_half_of_the_time_never_looks_served(vision: str) -> None:
    served = seen(palette.shade("", -1), vision)
    for reason in palette.LOOKS:
        # A lighter pattern over it tells grey from the pale blue of served.
        if palette.pattern(reason) is None:
            for level in (2, 3):
                assert np.linalg.norm(seen(palette.shade(reason, level), vision) - served) > TOLD_APART, reason


def test_the_longer_without_service_the_darker() -> None:
    for reason in palette.LOOKS:
        lightness = [seen(palette.shade(reason, level), "usual")[0] for level in range(len(palette.BANDS))]
        assert lightness == sorted(lightness, reverse=True)


def test_letters_can_be_read_on_every_shade() -> None:
    # Success criterion 1.4.3 of the Web Content Accessibility Guidelines 2.1 asks for 4.5.
    for reason in palette.LOOKS:
        for level in range(len(palette.BANDS)):
            assert palette.contrast(palette.ink(reason, level), palette.shade(reason, level)) >= 4.5


def test_a_cell_counts_as_served_until_one_percent_is_lost() -> None:
    assert [palette.band(lost) for lost in (0.0, 0.0099, 0.01, 0.1, 0.5, 0.9, 1.0)] == [-1, -1, 0, 1, 2, 3, 3]
