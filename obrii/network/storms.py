"""What a geomagnetic storm takes: satellites by their altitude, because the air that it heats thins out with height.

Of 49 satellites that were launched to 210 km on 3 February 2022, 38 were lost to a moderate storm the next day; the
air was up to half as dense again as at launches before (Kataoka et al., J. Space Weather Space Clim. 12, 2022, 41;
statement of the operator, 2022-02-08, which expected up to 40).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from obrii.errors import ScenarioError
from obrii.network import draws

#: Share of satellites that a storm as in February 2022 takes, by altitude [km]. At 210 km: 38 of 49 (see above). At 340
#: and 500 km: assumption, because no loss of those at work was told of; one in a hundred stands for some that are ill.
FEBRUARY_2022 = ((210.0, 38.0 / 49.0), (340.0, 0.01), (500.0, 0.0))


def chance_to_fall(altitude_km: np.ndarray, shares: Sequence[tuple[float, float]] = FEBRUARY_2022) -> np.ndarray:
    """Probability that a storm takes a satellite: (satellite,) f8.

    altitude_km (satellite,), mean over an orbit [km]; shares: (altitude [km], share lost there), upwards, evenly in
    between, and the first and last beyond. NaN has fallen already.

    Raises ScenarioError for altitudes out of order, and for shares outside 0 to 1.

    >>> chance_to_fall(np.array([150.0, 210.0, 340.0, 420.0, 550.0])).round(3).tolist()
    [0.776, 0.776, 0.01, 0.005, 0.0]
    """
    if not shares:
        raise ScenarioError("storm: shares is empty; give pairs of altitude and share lost")
    heights, lost = np.array(shares, float).reshape(-1, 2).T
    if not (np.diff(heights) > 0.0).all():
        raise ScenarioError("storm: altitudes of the shares are out of order; write the lowest first")
    for share in lost.tolist():
        draws.check_share(share, "storm", "share lost")
    altitude_km = np.asarray(altitude_km, float)
    return np.where(np.isnan(altitude_km), 1.0, np.interp(altitude_km, heights, lost))


def fallen(
    seed: int, name: str, altitude_km: np.ndarray, shares: Sequence[tuple[float, float]] = FEBRUARY_2022
) -> np.ndarray:
    """Satellites that a storm takes, each by its own chance: (satellite,) bool.

    seed, name: of the draw (`draws.chances`); altitude_km, shares: as `chance_to_fall` has them. A storm that is
    stronger everywhere takes the same ones and more.

    >>> int(fallen(1, "storm", np.full(4900, 210.0)).sum())
    3806
    """
    return np.asarray(draws.chances(seed, name, len(altitude_km)) < chance_to_fall(altitude_km, shares))
