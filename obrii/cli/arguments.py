"""What several commands share: their arguments, the progress bar, and what is said on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from obrii.scenario.model import Scenario

SCENARIO_HELP = "Scenario file (TOML), or the name of a preset."
ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", help=SCENARIO_HELP)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Language = Annotated[
    str, typer.Option("--lang", metavar="en|uk", help="Language of tables and reports: English or Ukrainian.")
]
RunDirectory = Annotated[Path, typer.Argument(metavar="DIR", help="Folder that `obrii run` left.")]


def read_scenario(name: str) -> Scenario:
    """The scenario of a file, or the preset of that name."""
    from obrii.scenario.model import Scenario

    return Scenario.read(name) if name.endswith(".toml") or Path(name).exists() else Scenario.preset(name)


def say(notices: Iterable[str]) -> None:
    """Say what a user should know, each on a line of stderr."""
    for notice in notices:
        print(f"notice: {notice}", file=sys.stderr)


@contextmanager
def progress() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal's stderr, silent elsewhere."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("simulating", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
