"""Twin of `obrii.kernels.trunks`, for reading: links of ways, one after the other."""

from __future__ import annotations


def lasers_of(a: list[int], b: list[int]) -> dict[tuple[int, int], int]:
    """Number of the link from one satellite to another, by both."""
    links = {}
    for k, ends in enumerate(zip(a, b, strict=True)):
        links[ends] = 2 * k
        links[ends[::-1]] = 2 * k + 1
    return links


def trunk(
    satellite: int, pop: int, onward: list[list[int]], lasers: dict[tuple[int, int], int], first: tuple[int, ...]
) -> list[int]:
    """Links from a satellite to its PoP: the satellite, lasers, antenna, PoP.

    onward: for each PoP the next satellite of each; first: first link of satellites, antennas, lasers, PoPs.
    """
    of_satellites, of_antennas, of_lasers, of_pops = first
    links = [of_satellites + satellite]
    while (there := onward[pop][satellite]) >= 0:
        links.append(of_lasers + lasers[there, satellite])
        satellite = there
    return [*links, of_antennas + satellite, of_pops + pop]
