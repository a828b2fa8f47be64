"""What every cell of the area went through in every variant, fine or gathered into coarser cells to draw."""

from __future__ import annotations

from dataclasses import dataclass, replace

import h3.api.numpy_int as h3
import numpy as np
import pandas as pd

from obrii.errors import DataError
from obrii.report.palette import LOOKS
from obrii.report.reading import Run

#: Most cells that a map draws: beyond, a cell takes under three pixels and the page grows without being read better.
MOST_CELLS = 12_000

#: Most cells that all maps of a page draw together, so that it stays small however many variants there are.
MOST_DRAWN = 48_000

_REASONS = ("", *LOOKS)


@dataclass(frozen=True)
class Cover:
    """Cells to draw, sorted by id.

    id (cell,) u8, H3; latitude_deg, longitude_deg (cell,) f8; place (cell,) i8, a number for each region (or country
    where there is none); lost, by variant: (cell,) f8, share of acting steps without service; reason, by variant:
    (cell,) i8, index into `reasons`; added, by variant: (cell,) f8, added terminals with service over those that intact
    serves there; gathered: whether cells are coarser than those of the run.
    """

    id: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    place: np.ndarray
    lost: dict[str, np.ndarray]
    reason: dict[str, np.ndarray]
    added: dict[str, np.ndarray]
    gathered: bool
    reasons: tuple[str, ...] = _REASONS

    def only(self, chosen: np.ndarray) -> Cover:
        """The same for some of the cells: chosen (cell,) bool."""
        return replace(
            self,
            id=self.id[chosen],
            latitude_deg=self.latitude_deg[chosen],
            longitude_deg=self.longitude_deg[chosen],
            place=self.place[chosen],
            lost={name: lost[chosen] for name, lost in self.lost.items()},
            reason={name: reason[chosen] for name, reason in self.reason.items()},
            added={name: added[chosen] for name, added in self.added.items()},
        )


def cover(run: Run) -> Cover | None:
    """The cells of a run, gathered into coarser ones where they are too many to draw; None where there are none."""
    frame = run.tables["cells"]
    if not len(frame):
        return None
    ids = np.unique(frame["cell"].to_numpy(np.uint64))
    resolution = h3.get_resolution(int(ids[0]))
    home, drawn = np.arange(len(ids)), ids
    most = min(MOST_CELLS, MOST_DRAWN // len(run.summary.variants))
    while len(drawn) > most and resolution > 0:
        resolution -= 1
        parents = np.array([h3.cell_to_parent(cell, resolution) for cell in ids.tolist()], np.uint64)
        drawn, home = np.unique(parents, return_inverse=True)
    intact = _rows(frame, run.summary.intact.name)
    names = intact["region"].where(intact["region"] != "", intact["country"]).to_numpy(str)
    _, place = np.unique(names, return_inverse=True)
    lost, reason, added = {}, {}, {}
    usual = _summed(intact, "terminals", "share_served", home, len(drawn))
    for variant in run.summary.variants:
        rows = _rows(frame, variant.name)
        if len(rows) != len(ids):
            raise DataError(
                f"cells.parquet: variant '{variant.name}' has {len(rows)} rows for {len(ids)} cells; run it again"
            )
        lost[variant.name], reason[variant.name] = _gathered(_as_usual(rows, intact), home, len(drawn))
        new = _summed(rows, "terminals_added", "added_share_served", home, len(drawn))
        # Where nobody is served when everything works, any number is more than that.
        added[variant.name] = np.divide(new, usual, out=np.where(new > 0.0, np.inf, 0.0), where=usual > 0.0)
    first = np.unique(home, return_index=True)[1]
    centres = np.array([h3.cell_to_latlng(cell) for cell in drawn.tolist()])
    return Cover(drawn, centres[:, 0], centres[:, 1], place[first], lost, reason, added, len(drawn) < len(ids))


def _rows(frame: pd.DataFrame, variant: str) -> pd.DataFrame:
    """Rows of a variant, sorted by cell."""
    return frame[frame["variant"] == variant].sort_values("cell")


def _as_usual(rows: pd.DataFrame, intact: pd.DataFrame) -> pd.DataFrame:
    """Rows in which cells that are never served keep the reason of intact: whatever else fails there takes nothing."""
    never = (intact["share_served"].to_numpy(float) <= 0.0) & (rows["share_served"].to_numpy(float) <= 0.0)
    return rows.assign(reason=np.where(never, intact["reason"], rows["reason"]))


def _summed(rows: pd.DataFrame, counted: str, share: str, home: np.ndarray, count: int) -> np.ndarray:
    """A share of what is counted, summed over the cells of each drawn cell; zero where the run does not tell."""
    if not {counted, share} <= set(rows.columns):
        return np.zeros(count)
    return np.bincount(home, np.nan_to_num(rows[counted].to_numpy(float) * rows[share].to_numpy(float)), count)


def _gathered(rows: pd.DataFrame, home: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean share lost of the cells of each drawn cell, and the reason that takes most of it."""
    lost = 1.0 - np.clip(rows["share_served"].to_numpy(float), 0.0, 1.0)
    index = {name: number for number, name in enumerate(_REASONS)}
    reason = np.array([index[name] for name in rows["reason"].tolist()])
    by_reason = np.zeros((count, len(_REASONS)))
    np.add.at(by_reason, (home, reason), lost)
    return by_reason.sum(axis=1) / np.bincount(home, minlength=count), by_reason.argmax(axis=1)
