"""Run every validation and write docs/validation.md.

    OBRII_DATA=... python -m validation [--long] [WORDS ...]

With words, only the validations whose feature or reference contains one of them run, and no page is written. Ends with
1 where a row fails.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from validation.families import FAMILIES
from validation.page import count, page, row
from validation.record import Effort, Finding, Validation

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "validation.md"


def find(validation: Validation, effort: Effort) -> Finding | None:
    """What a validation finds, None where it needs a folder that is not there."""
    return None if validation.needs_data and effort.data is None else validation.find(effort)


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m validation", description="Run the validations, write their page.")
    parser.add_argument("words", nargs="*", help="only rows that contain one of these; writes no page")
    parser.add_argument("--long", action="store_true", help="more draws, longer runs: hours")
    arguments = parser.parse_args()
    named = os.environ.get("OBRII_DATA")
    effort = Effort("long" if arguments.long else "usual", Path(named) if named else None)
    findings: dict[Validation, Finding | None] = {}
    for validation in (each for family in FAMILIES.values() for each in family):
        text = f"{validation.feature} {validation.reference}".lower()
        if arguments.words and not any(word.lower() in text for word in arguments.words):
            continue
        began = time.process_time()
        findings[validation] = find(validation, effort)
        sys.stdout.write(f"{time.process_time() - began:7.1f} s {row(validation, findings[validation])}")
        sys.stdout.flush()
    sys.stdout.write(f"{count(findings)}\n")
    if not arguments.words:
        PAGE.write_text(page(findings, _made(effort)), encoding="utf-8")
        sys.stdout.write(f"written to {PAGE.relative_to(ROOT)}\n")
    return 0 if all(finding is None or each.passes(finding) for each, finding in findings.items()) else 1


def _made(effort: Effort) -> str:
    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ":!docs/validation.md")
    commit = git("rev-parse", "--short", "HEAD") + (" with changes that are not committed" if changed else "")
    return f"Made on {datetime.now(UTC):%Y-%m-%d} of commit {commit}, {effort.level} effort."


if __name__ == "__main__":
    sys.exit(main())
