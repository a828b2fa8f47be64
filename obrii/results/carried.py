"""What a run carries from block to block, as arrays by name: one program leaves it, another goes on with it.

Only names, shapes and numbers are told, never objects: whoever goes on lays out the same accumulators anew and fills
them, so that nothing in a file decides what is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np

from obrii.errors import ModelError

#: Arrays by name; parts of a name are set off by dots.
Arrays = dict[str, np.ndarray]


class Carrying:
    """Something that adds up blocks: `CARRIES` names the attributes that one block leaves for the next.

    Those are arrays, numbers, None, others that carry, and dicts of such. What grows or comes up on the way a class
    tells itself, in methods of its own.

    >>> class Count(Carrying):
    ...     CARRIES = ("_total", "_of")
    ...     def __init__(self) -> None:
    ...         self._total, self._of = 0.0, {"rtt": np.zeros(2)}
    >>> one, other = Count(), Count()
    >>> one._total, one._of["rtt"][1] = 3.0, 4.0
    >>> other.carry_on(one.carried())
    >>> other.carried()
    {'total': array(3.), 'of.rtt': array([0., 4.])}
    """

    CARRIES: ClassVar[tuple[str, ...]] = ()

    def carried(self) -> Arrays:
        """What the blocks so far have left, by name; arrays are those that go on changing."""
        return {
            name: array for each in self.CARRIES for name, array in _told(each.removeprefix("_"), getattr(self, each))
        }

    def carry_on(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Go on from what another one, laid out alike, has `carried`; ModelError where it was laid out otherwise."""
        for each in self.CARRIES:
            setattr(self, each, _filled(each.removeprefix("_"), getattr(self, each), arrays))


def below(name: str, arrays: Mapping[str, np.ndarray]) -> Arrays:
    """The arrays whose names begin with a name and a dot, by what comes after it.

    >>> sorted(below("rates", {"rates.most": np.zeros(1), "rates.of.gateways": np.zeros(1), "other": np.zeros(1)}))
    ['most', 'of.gateways']
    """
    start = f"{name}."
    return {key.removeprefix(start): array for key, array in arrays.items() if key.startswith(start)}


def named(name: str, arrays: Mapping[str, np.ndarray]) -> Arrays:
    """The arrays with a name and a dot in front of each of theirs: `below` takes it off again."""
    return {f"{name}.{key}": array for key, array in arrays.items()}


def there(name: str, arrays: Mapping[str, np.ndarray], dtype: Any, *shape: int | None) -> np.ndarray:
    """An array that is of this type and shape, None for any length; raises ModelError where it is not."""
    array = arrays.get(name)
    if array is None:
        raise ModelError(f"{name}: is not there")
    fits = len(shape) == array.ndim and all(n is None or n == m for n, m in zip(shape, array.shape, strict=True))
    if not fits or array.dtype != np.dtype(dtype):
        raise ModelError(f"{name}: {array.dtype} of shape {array.shape}; expected {np.dtype(dtype)} of shape {shape}")
    return array


def _told(name: str, value: Any) -> Iterator[tuple[str, np.ndarray]]:
    if isinstance(value, Carrying):
        yield from named(name, value.carried()).items()
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _told(f"{name}.{key}", each)
    elif value is not None:
        yield name, np.asarray(value)


def _filled(name: str, value: Any, arrays: Mapping[str, np.ndarray]) -> Any:
    """A value as it was laid out, with what was carried in it."""
    if isinstance(value, Carrying):
        value.carry_on(below(name, arrays))
    elif isinstance(value, Mapping):
        return {key: _filled(f"{name}.{key}", each, arrays) for key, each in value.items()}
    elif value is not None:
        found = there(name, arrays, np.asarray(value).dtype, *np.shape(value))
        if not isinstance(value, np.ndarray):
            return type(value)(found)
        value[...] = found
    return value
