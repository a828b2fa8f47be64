"""What every test may ask for: the data folder, and random numbers that are the same every time."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

# Compilation makes a first example slow, so there is no deadline. Where CI is set, each run draws the same examples.
settings.register_profile(
    "obrii", deadline=None, max_examples=int(os.environ.get("OBRII_EXAMPLES", "50")), derandomize="CI" in os.environ
)
settings.load_profile("obrii")


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of catalogues and measurements that the environment variable OBRII_DATA names."""
    named = os.environ.get("OBRII_DATA")
    if not named:
        pytest.skip("OBRII_DATA does not name the folder of catalogues and measurements.")
    folder = Path(named)
    if not folder.is_dir():
        raise NotADirectoryError(f"OBRII_DATA names '{folder}', which is not a folder; name one that is, or unset it")
    return folder


@pytest.fixture
def rng() -> np.random.Generator:
    """Return random numbers from a fixed seed, the first day of the built-in scenario."""
    return np.random.default_rng(20221003)
