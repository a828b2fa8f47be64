"""Every message in English, from key to template."""

from __future__ import annotations

from obrii.report.english.compared import COMPARED
from obrii.report.english.comparison import COMPARISON
from obrii.report.english.definitions import DEFINITIONS
from obrii.report.english.page import PAGE
from obrii.report.english.path import PATH
from obrii.report.english.rates import RATES
from obrii.report.english.targets import TARGETS

MESSAGES = {**PAGE, **DEFINITIONS, **RATES, **COMPARISON, **COMPARED, **PATH, **TARGETS}
