"""The compile options of every kernel, in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a loop over arrays: cached on disk, without the interpreter's lock, IEEE division."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def scalar(function: F) -> F:
    """Compile a formula that is written into the loops that call it, so that they vectorise."""
    return cast(F, numba.njit(inline="always", error_model="numpy")(function))
