"""Numbers of nature and of standards, each with its source."""

from __future__ import annotations

import math

#: Speed of light in vacuum [m/s]. Exact, SI brochure, 9th edition (2019).
LIGHT_M_S = 299_792_458.0

#: Equatorial radius of the WGS 84 ellipsoid [m]. NIMA TR8350.2 (2000), table 3.1.
EARTH_RADIUS_M = 6_378_137.0

#: Flattening of the WGS 84 ellipsoid. NIMA TR8350.2 (2000), table 3.1.
EARTH_FLATTENING = 1.0 / 298.257_223_563

#: Square of the first eccentricity of the WGS 84 ellipsoid, from the flattening.
EARTH_ECCENTRICITY_2 = EARTH_FLATTENING * (2.0 - EARTH_FLATTENING)

#: Mean radius of the Earth [m], for great circles. IUGG mean radius R1 of GRS 80 (Moritz 2000), rounded.
EARTH_MEAN_RADIUS_M = 6_371_000.0

#: Gravitational parameter of the Earth [m3/s2]. WGS 84, NIMA TR8350.2 (2000), table 3.1.
EARTH_MU_M3_S2 = 3.986_004_418e14

#: Second zonal harmonic. EGM-96, as used with WGS 84 (NIMA TR8350.2).
EARTH_J2 = 1.082_626_68e-3

#: Days in a Julian century; Julian date of J2000.0. IAU 1976 conventions.
JULIAN_CENTURY_DAYS = 36_525.0
JULIAN_DATE_J2000 = 2_451_545.0

#: Julian date of the Unix epoch, 1970-01-01 00:00 UTC.
JULIAN_DATE_UNIX = 2_440_587.5

SECONDS_PER_DAY = 86_400.0
MINUTES_PER_DAY = 1_440.0
NANOSECONDS = 1_000_000_000
TWO_PI = 2.0 * math.pi

#: Lowest height of a laser's ray above the ground [m], below which weather and air bend or block it.
#: Hypatia (Kassing et al., IMC 2020) and the shells' filings use 80 km.
LASER_CLEARANCE_M = 80_000.0

#: Length of the operator's scheduling slot [s], and the second of the minute at which a slot starts.
#: Tanveer et al., "Making Sense of Constellations", CoNEXT 2023.
SLOT_S = 15
SLOT_EDGE_S = 12
