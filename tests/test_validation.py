"""Every validation runs and passes on its smallest case, and the page has a row of each."""

from __future__ import annotations

import doctest
from collections import Counter
from pathlib import Path

import numba
import pytest

from validation import page, record
from validation.families import FAMILIES
from validation.gaps import GAPS
from validation.record import Effort, Finding, Validation

PAGE = Path(__file__).parents[1] / "docs" / "validation.md"
VALIDATIONS = [validation for family in FAMILIES.values() for validation in family]
ANY = VALIDATIONS[0]


@pytest.mark.slow
@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="whole runs; kernels are tried one by one elsewhere")
@pytest.mark.parametrize(
    "validation",
    [pytest.param(each, marks=[pytest.mark.data] if each.needs_data else []) for each in VALIDATIONS],
    ids=lambda validation: validation.feature,
)
def test_a_validation_passes_on_its_smallest_case(validation: Validation, request: pytest.FixtureRequest) -> None:
    data = request.getfixturevalue("data") if validation.needs_data else None
    finding = validation.find(Effort("smallest", data))
    assert validation.passes(finding), page.row(validation, finding)
    assert finding.condition


def test_the_page_has_one_row_of_every_validation_and_no_other() -> None:
    rows = Counter(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| "))
    for validation in VALIDATIONS:
        found = [row for row in rows.elements() if row.startswith(f"{page.heading(validation)} |")]
        assert len(found) == 1, "run `python -m validation`"
    heads = sum(count for row, count in rows.items() if row.startswith(("| feature", "| ---")))
    assert sum(rows.values()) - heads == len(VALIDATIONS), "run `python -m validation`"


def test_the_page_hides_no_failure_and_says_what_is_not_validated() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert "FAIL" not in text
    for subject, said in GAPS:
        assert f"- **{subject}.** {said}" in text


def test_no_two_rows_have_one_name() -> None:
    assert len({validation.feature for validation in VALIDATIONS}) == len(VALIDATIONS)


def test_every_tolerance_has_its_reason() -> None:
    assert all(validation.fair.endswith(".") for validation in VALIDATIONS)


def test_a_finding_beyond_the_tolerance_or_that_is_no_number_fails() -> None:
    for worst, verdict in ((ANY.tolerance, "pass"), (1.01 * ANY.tolerance, "FAIL"), (float("nan"), "FAIL")):
        assert verdict in page.row(ANY, Finding(worst, "tried"))


def test_a_row_that_needs_the_data_says_so_where_it_is_skipped() -> None:
    assert "needs OBRII_DATA" in page.row(ANY, None)
    assert page.count({ANY: None}) == "**1 row: 0 pass, 0 fail, 1 skipped.**"


def test_examples_in_the_validations_run() -> None:
    for module in (page, record):
        assert doctest.testmod(module).failed == 0
