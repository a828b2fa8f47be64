"""What no row of the page validates, said plainly."""

from __future__ import annotations

#: Subject, and what is not known of it.
GAPS = (
    (
        "Real networks",
        "No delay, rate or outage that Obrii computes has been held against measurements of a network. Round trips are "
        "light time, a floor of 8 ms and 0.05 ms a satellite; the last two are assumptions, and queues are left out.",
    ),
    (
        "The operator's own schedule",
        "Which satellite serves whom is not published. Cells a satellite, antennas a satellite and the rules of the "
        "schedule are assumptions. Slots do not remember each other, so handovers are overstated.",
    ),
    (
        "The ground",
        "Lists of gateways and points of presence are made by enthusiasts, and incomplete. Antennas that nobody "
        "counted, home points of presence, and cables of one and a half great circles are assumptions.",
    ),
    (
        "Who may be served",
        "Most tables of countries served are assumptions; occupied ground is drawn by region, not by the day.",
    ),
    (
        "People and terminals",
        "Totals are right; who lives where within a region is towns and the rest by area. The people of Ukraine are "
        "those before the full-scale invasion. Numbers of terminals, and where they stand, are assumptions.",
    ),
    (
        "Lasers as flown",
        "Patterns of lasers are those of papers: who points at whom in a real network is not public.",
    ),
    (
        "Real satellites after days",
        "SGP4 knows no thrust. Satellites that keep their places stray by degrees from an element set weeks old.",
    ),
    (
        "The sky above a site",
        "UT1 = UTC, no motion of the pole, no refraction (it lifts a satellite at 25° by some 0.03°), no hills, "
        "buildings or trees.",
    ),
    (
        "The angle from the geostationary arc",
        "That it is kept is validated; how wide it is, and when an operator keeps it, is quoted at second hand.",
    ),
    (
        "Radio",
        "No frequencies, antenna patterns, interference or rain: rates of beams and feeders are given numbers.",
    ),
    (
        "Physics of deep space",
        "Orbits of long periods and of eccentricities above 0.1 are the sgp4 package's own: their rows show that "
        "nothing is lost on the way, and nothing more.",
    ),
    (
        "References without an author",
        "Where a reference is called another program without a name, its figures were stated before ours were "
        "computed, but that program is not public.",
    ),
    (
        "Other machines",
        "The page is the result of one kind of processor. Another may round otherwise, in the digits that rows show.",
    ),
    (
        "Report and files",
        "What the report draws and words, and what is written to disk, is the work of `make test`, not of this page.",
    ),
)
