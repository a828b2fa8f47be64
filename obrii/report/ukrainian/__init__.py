"""Every message in Ukrainian, from key to template, and what the package says in runs, from its English text."""

from __future__ import annotations

from obrii.report.phrases import Phrases
from obrii.report.ukrainian import assumptions
from obrii.report.ukrainian.columns import COLUMNS
from obrii.report.ukrainian.compared import COMPARED
from obrii.report.ukrainian.comparison import COMPARISON
from obrii.report.ukrainian.definitions import DEFINITIONS
from obrii.report.ukrainian.page import PAGE
from obrii.report.ukrainian.path import PATH
from obrii.report.ukrainian.payloads import PAYLOADS
from obrii.report.ukrainian.rates import RATES
from obrii.report.ukrainian.sources import SOURCES
from obrii.report.ukrainian.targets import TARGETS

MESSAGES = {**PAGE, **DEFINITIONS, **RATES, **COMPARISON, **COMPARED, **PATH, **TARGETS}

#: A part of a group of terminals, and the event that takes it; last, because much else has brackets.
PARTS = {"{group} ({event})": "{group} ({event})"}

#: What the package says in words, and values of assumptions.
PHRASES = Phrases({**assumptions.KEYS, **assumptions.TEXTS, **PAYLOADS, **SOURCES, **COLUMNS, **PARTS})
VALUES = Phrases(assumptions.VALUES, assumptions.UNITS, ",")
