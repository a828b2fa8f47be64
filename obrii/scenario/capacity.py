"""What a satellite can carry and what its users ask for, as a scenario says it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag, model_validator

from obrii.scenario.fields import Count, LinkRate, Name, Part, Positive, Rate

#: Cells that a beam serves in turn where nothing is said: 16 beams of a first-generation Starlink satellite for 128
#: cells [assumption].
CELLS_PER_BEAM = 8

#: What a laser carries, each way, where nothing is said [bit/s]: 100 Gb/s sustained (Brashears, SPIE, January 2024).
LASER_RATE_BPS = 100e9


class Payload(Part):
    """What a satellite carries down to its users, and what it is fed with.

    beams_per_satellite: beams down to users; cells_per_beam: cells that one serves in turn; channels, polarisations:
    of the band; reuse: neighbouring cells that share the channels among them, so that a cell never uses more than
    channels x polarisations / reuse beams at once; beams_per_cell: that many, or fewer; beam_rate_bps: of one beam;
    satellite_rate_bps: of all of them, beams_per_satellite x beam_rate_bps unless it says less; feeder_rate_bps: from
    one antenna of a gateway up to the satellite; laser_rate_bps: of a laser, each way.

    Rates need only two limits, of the cell and of the satellite. Beams that hop from cell to cell within a slot are
    machines of equal speed, cells are jobs that may be interrupted, and a job of width k is k jobs: by McNaughton's
    rule (Scheduling with deadlines and loss functions, Management Science 6, 1959) there is a plan of hops for any
    rates of cells of which none is above beams_per_cell x beam_rate_bps and whose sum is not above
    beams_per_satellite x beam_rate_bps.

    >>> Payload(beams_per_satellite=16, beam_rate_bps=1e9, feeder_rate_bps=10e9).satellite_bps
    16000000000.0
    """

    beams_per_satellite: Count
    cells_per_beam: Count = CELLS_PER_BEAM
    channels: Count = 8
    polarisations: Literal[1, 2] = 2
    reuse: Count = 2
    beams_per_cell: Count | None = None
    beam_rate_bps: LinkRate
    satellite_rate_bps: LinkRate | None = None
    feeder_rate_bps: LinkRate
    laser_rate_bps: LinkRate = LASER_RATE_BPS

    @model_validator(mode="after")
    def _fits_the_band(self) -> Payload:
        most = self.channels * self.polarisations // self.reuse
        if most < 1:
            raise ValueError(
                f"reuse is {self.reuse}; with {self.channels} channels and {self.polarisations} polarisations a cell "
                f"is left without a beam; give at most {self.channels * self.polarisations}"
            )
        if self.beams_per_cell is not None and self.beams_per_cell > most:
            raise ValueError(
                f"beams_per_cell is {self.beams_per_cell}; channels x polarisations / reuse leave a cell {most} at once"
            )
        return self

    @property
    def cells(self) -> int:
        """Cells that a satellite serves at a time, in turn."""
        return self.beams_per_satellite * self.cells_per_beam

    @property
    def cell_bps(self) -> float:
        """What the beams on one cell carry at most [bit/s]."""
        most = self.channels * self.polarisations // self.reuse
        beams = most if self.beams_per_cell is None else self.beams_per_cell
        return min(beams, self.beams_per_satellite) * self.beam_rate_bps

    @property
    def satellite_bps(self) -> float:
        """What all beams of a satellite carry at most [bit/s]."""
        beams_bps = self.beams_per_satellite * self.beam_rate_bps
        return beams_bps if self.satellite_rate_bps is None else min(self.satellite_rate_bps, beams_bps)


def _form(value: Any) -> str:
    return "name" if isinstance(value, str) else "table"


#: A payload written out, or the name of one that ships.
PayloadOrName = Annotated[Annotated[Name, Tag("name")] | Annotated[Payload, Tag("table")], Discriminator(_form)]


class Traffic(Part):
    """What terminals ask for; without this section no rates are computed. Every default is an assumption.

    peak_bps: what an active terminal uses at most, about the median of measured downloads; busy_hour_bps: what a
    terminal asks in the mean of its busiest hour, so that busy_hour_bps / peak_bps of all are active then; usable_bps:
    what a connection needs to be of use; curve: name of a day's shape (`obrii.traffic.curves`); growth: times
    the terminals of the area to try; others: whether terminals of the countries around compete with those of the area;
    terminals: for operators by name, the table of terminals by country, that of their own name where nothing is said,
    counted when the run starts or at a date: "starlink@2022-10-03".
    """

    peak_bps: Rate = 100e6
    busy_hour_bps: Rate = 4e6
    usable_bps: Rate = 10e6
    curve: Name = "residential"
    growth: list[Positive] = []
    others: bool = True
    terminals: dict[Name, Name] = {}

    @model_validator(mode="after")
    def _less_than_all(self) -> Traffic:
        check_share(self.busy_hour_bps, self.peak_bps)
        return self


def check_share(busy_hour_bps: float, peak_bps: float) -> None:
    """Refuse a busy hour in which more terminals than there are would have to be active."""
    if busy_hour_bps > peak_bps:
        raise ValueError(
            f"busy_hour_bps is {busy_hour_bps:g} and peak_bps {peak_bps:g}; a terminal cannot use more in the mean of "
            f"an hour than at its peak; give at most {peak_bps:g}"
        )


#: How much a group matters where there is not enough for all; the first are given what they ask before the next.
Priority = Literal["critical", "normal"]

#: Class of each priority, as rates are filled: the lowest first.
PRIORITY_CLASS: dict[Priority, int] = {"critical": 0, "normal": 1}
