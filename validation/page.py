"""The page of validations as Markdown."""

from __future__ import annotations

from collections.abc import Mapping

from validation.families import FAMILIES
from validation.gaps import GAPS
from validation.record import Finding, Validation

_HEAD = """# What is validated, and what is not

<!-- Written by `python -m validation`. Do not edit by hand. -->

Each row holds something that Obrii computes against a reference made apart from it: a published table, a closed form,
another program, or a plain twin in `tests/reference`, named in brackets. *Worst* is the worst difference found, in
every case that the row tried. A row passes where the worst is within the tolerance; below each table stands why the
tolerances are fair. Draws are seeded, so that the same code on the same kind of processor gives the same page.

    OBRII_DATA=... python -m validation            minutes
    OBRII_DATA=... python -m validation --long     hours, with more draws

Rows that need the folder of catalogues and measurements, which `OBRII_DATA` names, say so where they were skipped.
"""

_COLUMNS = "| feature | reference | condition | worst | tolerance | |\n| --- | --- | --- | ---: | ---: | --- |\n"


def page(findings: Mapping[Validation, Finding | None], made: str) -> str:
    """The whole page; a finding is None where the validation was skipped; made: when, of which commit, how long."""
    chapters = "".join(
        f"\n## {title}\n\n{_COLUMNS}{''.join(row(each, findings[each]) for each in family)}\n{_reasons(family)}"
        for title, family in FAMILIES.items()
    )
    gaps = "".join(f"- **{subject}.** {text}\n" for subject, text in GAPS)
    return f"{_HEAD}\n{made}\n\n{count(findings)}\n{chapters}\n## What is not validated\n\n{gaps}"


def row(validation: Validation, finding: Finding | None) -> str:
    """One row of a table, with what was found or that it was skipped."""
    tolerance = quantity(validation.tolerance, validation.unit)
    if finding is None:
        found = f"| needs OBRII_DATA | | {tolerance} | skipped |"
    else:
        verdict = "pass" if validation.passes(finding) else "**FAIL**"
        found = f"| {finding.condition} | {quantity(finding.worst, validation.unit)} | {tolerance} | {verdict} |"
    return f"{heading(validation)} {found}\n"


def heading(validation: Validation) -> str:
    """The part of a row that does not depend on what is found."""
    return f"| {validation.feature} | {validation.reference}"


def count(findings: Mapping[Validation, Finding | None]) -> str:
    """How many rows pass, fail and are skipped, in a sentence."""
    skipped = sum(finding is None for finding in findings.values())
    passed = sum(finding is not None and each.passes(finding) for each, finding in findings.items())
    failed = len(findings) - passed - skipped
    rows = "1 row" if len(findings) == 1 else f"{len(findings)} rows"
    return f"**{rows}: {passed} pass, {failed} fail, {skipped} skipped.**"


def quantity(value: float, unit: str) -> str:
    """A number with two digits that mean something, and its unit.

    >>> quantity(0.00834, "mm"), quantity(0, "pairs"), quantity(46.1, "m"), quantity(-273.9, "m"), quantity(50.0, "%")
    ('0.0083 mm', '0 pairs', '46 m', '-274 m', '50 %')
    """
    if value == 0 or abs(value) >= 100:
        digits = f"{value:,.0f}"
    elif abs(value) >= 1e-6:
        digits = f"{float(f'{value:.2g}'):.10f}".rstrip("0").rstrip(".")
    else:
        digits = f"{value:.0e}"
    return f"{digits}°" if unit == "°" else f"{digits} {unit}".strip()


def _reasons(validations: tuple[Validation, ...]) -> str:
    """Why the tolerances are fair, each reason once."""
    of: dict[str, list[str]] = {}
    for each in validations:
        of.setdefault(each.fair, []).append(f"*{each.feature}*")
    return "".join(f"- {'; '.join(features)}: {fair}\n" for fair, features in of.items())
