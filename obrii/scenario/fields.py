"""What a value in a scenario file may be: types with their limits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


class Part(BaseModel):
    """A section: frozen, without unknown keys, without nan or inf."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)


def _is_number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("it must be a number")
    return value


def _is_whole(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("it must be a whole number")
    return value


def _is_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("it must say that it is UTC: end it with Z")
    return value.astimezone(UTC)


#: A rate above this, or that of a link below this, is rather in another unit [bit/s].
_FASTEST_BPS, _SLOWEST_LINK_BPS = 1e13, 1e3


def _is_in_bit_s(value: float) -> float:
    if value > _FASTEST_BPS:
        raise ValueError(f"it must be at most {_FASTEST_BPS:g}; is it in bit/s?")
    return value


def _is_of_a_link(value: float) -> float:
    if value < _SLOWEST_LINK_BPS:
        raise ValueError(f"it must be at least {_SLOWEST_LINK_BPS:g}; is it in bit/s?")
    return _is_in_bit_s(value)


Number = Annotated[float, BeforeValidator(_is_number)]
Whole = Annotated[int, BeforeValidator(_is_whole)]
Positive = Annotated[Number, Field(gt=0)]
NotNegative = Annotated[Number, Field(ge=0)]
#: What somebody asks for, and what a link carries [bit/s].
Rate = Annotated[Positive, AfterValidator(_is_in_bit_s)]
LinkRate = Annotated[Positive, AfterValidator(_is_of_a_link)]
Count = Annotated[Whole, Field(ge=1)]
Latitude = Annotated[Number, Field(ge=-90, le=90)]
Longitude = Annotated[Number, Field(ge=-180, le=360)]
Inclination = Annotated[Number, Field(ge=0, le=180)]
#: A mask of 90 degrees leaves one direction; -90 leaves all of them, for limits by range alone.
Mask = Annotated[Number, Field(ge=-90, lt=90)]
#: Angle around the geostationary arc that links keep out of; 0 for none.
Arc = Annotated[Number, Field(ge=0, le=90)]
Utc = Annotated[datetime, AfterValidator(_is_utc)]
Name = Annotated[str, Field(min_length=1)]
State = Literal["on", "planned"]


def utc64(instant: datetime) -> np.datetime64:
    """A UTC datetime as datetime64[ns]."""
    return np.datetime64(instant.replace(tzinfo=None), "ns")
