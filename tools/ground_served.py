"""Countries where Starlink's service had been announced by early October 2022, written by hand.

Each row: ISO 3166-1 alpha-3, the month of the announcement, its standing. Only Ukraine's is in a source at hand; the
rest is from memory of the operator's announcements, and an assumption.
"""

from __future__ import annotations

_FROM_MEMORY = {
    "2020-11": "USA",
    "2021-01": "CAN GBR",
    "2021-03": "DEU",
    "2021-04": "AUS NZL",
    "2021-05": "AUT BEL FRA NLD",
    "2021-07": "CHL DNK IRL",
    "2021-08": "CHE PRT",
    "2021-09": "CZE ITA POL",
    "2021-10": "NOR SWE",
    "2021-11": "HRV LTU MEX",
    "2021-12": "SVK",
    "2022-01": "BGR BRA ESP SVN",
    "2022-04": "LVA",
    "2022-05": "EST GRC HUN ROU",
    "2022-06": "MKD",
    "2022-07": "DOM",
    "2022-08": "MDA PRI",
    "2022-10": "COL JPN",
}

#: Country, month, standing.
STARLINK_2022_10 = [("UKR", "2022-02", "press-2022")] + [
    (code, since, "assumption") for since, codes in _FROM_MEMORY.items() for code in codes.split()
]
