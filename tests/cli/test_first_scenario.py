"""The page for who has never written a scenario: what it has you write runs, and gives the numbers that it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from obrii import Scenario
from tests.cli.test_path import obrii

PAGE = (Path(__file__).parents[2] / "docs" / "first-scenario.md").read_text(encoding="utf-8")
*MOLDOVA, FRANKFURT = re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_what_the_page_has_you_write_and_type_gives_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("moldova.toml").write_text("\n".join(MOLDOVA), encoding="utf-8")
    said = []
    commands = re.findall(r"^ {4}obrii (.+)$", PAGE, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        done = obrii(*shlex.split(command))
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    assert re.search(r"5,100 ?/ ?5,100 ?/ ?5,100", said[0])
    assert "terminals lost: 5,100" in said[1]
    assert re.search(r"OneWeb comes\s+100\s+2\s%\s+500 \(9\.8\s%\)", said[1])
    assert Path("moldova/report.html").exists()


def test_the_scenario_that_builds_on_the_built_in_one_has_variants_of_its_own_alone() -> None:
    world = Scenario.parse(FRANKFURT)
    assert [variant.name for variant in world.variants()] == ["intact", "Frankfurt lost"]
    assert world.area == Scenario.preset("ukraine-autumn-2022").area
