"""What every key of a target means, for the page that lists them."""

from __future__ import annotations

#: Key, and what it holds.
MEANINGS: dict[str, str] = {
    "operator": "operators, by name",
    "groups": "groups of [[terminals]], by name; a share of one stays part of it",
    "share": "how large a part of all that the other keys mean, 0 to 1: drawn by the seed, among what is planned only "
    "where nothing else is meant; of terminals, that part of every group in every cell",
    "count": "how many of all that the other keys mean, drawn by the seed; of antennas, so many of each gateway",
    "home": "countries where terminals are at home (ISO 3166-1 alpha-3): that of the group, else that of the cell",
    "countries": "countries (ISO 3166-1 alpha-3): of cells, or of sites",
    "regions": "regions (ISO 3166-2)",
    "cells": "cells (H3)",
    "polygon": "GeoJSON files of outlines; a cell is in where its middle is",
    "near": "{place, radius_km}: within so far of a site, a town or [latitude, longitude]; of satellites, those that "
    "are over it at each step; of links that are degraded, their ends on the ground in it",
    "strip": "{line or border, width_km}: half of the width on either side; line is a GeoJSON file or [[latitude, "
    "longitude], ...], border a country, which means its borders on land, or a country and its neighbours; with "
    "countries only their side of it",
    "limit_bps": "what one terminal gets at most [bit/s]",
    "refused_share": "part of the listed terminals that are refused by mistake, 0 to 1, in every cell",
    "left": "part of the terminals that keep service, 0 to 1, in every cell",
    "shell": "shells, by name",
    "generation": "generations of satellites, by name",
    "planes": "planes of shells, from 0",
    "satellites": "satellites by catalogue number, or by index from 0 where there is none",
    "most": "loaded: the `count` satellites that serve most terminals in intact, the whole run together; central: "
    "those that most least ways over lasers pass through, of one operator; intact is run first to find them",
    "altitude_km": "[low, high]: satellites at this height over the ellipsoid, at each step [km]",
    "latitude_deg": "[south, north]: satellites over this band, at each step; of links that are degraded, their ends "
    "on the ground in it [deg]",
    "shares": "[[altitude_km, share lost], ...] upwards, evenly in between; by default those of February 2022, 0.78 at "
    "210 km, 0.01 at 340 km and none at 500 km",
    "rate_per_day": "share of the satellites alive that fails a day; 1.28e-4 by default [assumption]",
    "lifetime_years": "[first, last]: ages at which satellites are brought down [years]; 4 to 6 by default "
    "[assumption]",
    "age_years": "[youngest, oldest]: ages of the satellites when it starts, drawn evenly [years]; 0 to 5 by default "
    "[assumption]",
    "links": "which lasers: all, or cross-plane; of links that are degraded: user, gateway, laser, the first two where "
    "nothing is said",
    "capacity_share": "part of what a link carries that is left, above 0, up to 1; what is lost of packets is lost of "
    "this",
    "min_elevation_deg": "what stands lower than this is out of sight, above 0, below 90, where the own mask is not "
    "higher [deg]",
    "lasers": "operators whose planned lasers are switched on, by name",
    "sites": "sites, by name",
    "fibres": 'fibres, by the names of their ends: "Wola - Warsaw"',
    "deliver_per_day": "terminals of each group that come into the field a day, from the start",
}
