"""The command line: each command parses, calls one function, prints.

Modules that compute are imported inside the commands, so that `obrii --help` answers at once.
"""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from obrii.cli.arguments import (
    SCENARIO_HELP,
    AsJson,
    Language,
    RunDirectory,
    ScenarioName,
    progress,
    read_scenario,
    say,
)
from obrii.cli.comparing import compare_command, export_command
from obrii.cli.path import path_command
from obrii.errors import ObriiError

app = typer.Typer(
    help="Simulate satellite internet: who has a connection, how good it is, and what is left when a part is off.",
    epilog="Start with `obrii run`, and open the report that it names.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
state = {"debug": False}

#: Exit code after Ctrl-C, as shells have it.
_INTERRUPTED = 130

#: Wrong arguments, whichever copy of click this typer carries.
_USAGE_ERROR: Any = typer.BadParameter.__base__


@app.callback()
def options(debug: Annotated[bool, typer.Option("--debug", help="Show the trace of an error.")] = False) -> None:
    """Options of every command."""
    state["debug"] = debug


@app.command("run")
def run_command(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help=SCENARIO_HELP)] = ("ukraine-autumn-2022"),
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Folder for the results; obrii-NAME without it."),
    ] = None,
    as_json: AsJson = False,
    threads: Annotated[int, typer.Option(min=1, help="Blocks computed at once; results do not depend on it.")] = 2,
    language: Language = "en",
) -> None:
    """Run a scenario, and write its report.

    It says who is served in every variant: as a table here, and in a folder with report.html, arrays and tables.
    """
    from rich.console import Console

    from obrii.report.messages import Words
    from obrii.report.page import report
    from obrii.report.table import print_table
    from obrii.scenario.stage import stage
    from obrii.simulation import run

    words, world = Words(language), read_scenario(scenario)
    say(stage(world).notices)
    directory = output or Path(f"obrii-{Path(scenario).stem}")
    with progress() as bar:
        summary = run(world, directory, threads=threads, progress=bar)
    page = report(directory, language=language)
    if as_json:
        print(json.dumps(summary, indent=2, ensure_ascii=False))
        return
    print_table(summary, Console(), language=language)
    print(words.say("terminal.report", page=str(page)))


@app.command("report")
def report_command(
    directory: RunDirectory,
    language: Language = "en",
) -> None:
    """Write the report of a finished run again."""
    from obrii.report.page import report

    print(report(directory, language=language))


app.command("compare")(compare_command)
app.command("export")(export_command)
app.command("path")(path_command)


@app.command("presets")
def list_presets(as_json: AsJson = False) -> None:
    """List what ships ready to use."""
    from obrii.scenario import presets

    found = presets.listed()
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for kind, members in found.items():
        print(f"{kind}:")
        for name, about in members.items():
            print(f"  {name:<20} {about['title']}")


@app.command()
def resolve(scenario: ScenarioName) -> None:
    """Write a scenario with every default."""
    print(read_scenario(scenario).resolved(), end="")


@app.command()
def schema() -> None:
    """Write the JSON Schema of the scenario file."""
    from obrii.scenario.model import Scenario

    print(json.dumps(Scenario.model_json_schema(by_alias=True), indent=2))


@app.command("fetch")
def fetch_command(
    group: Annotated[str, typer.Argument(metavar="GROUP", help="starlink, oneweb, kuiper, or a group of CelesTrak.")],
) -> None:
    """Download a catalogue from CelesTrak.

    At most once in two hours; a scenario names it as constellation = "celestrak:GROUP".
    """
    from obrii.orbits.fetch import default_cache, fetch

    found = fetch(group, cache=default_cache())
    print(f"{found.path}\n{found.catalog.summary}\nsource: {found.attribution}")
    say([found.notice] if found.notice else [])


def main() -> None:
    """Run the command line; one sentence and exit code 2 for what cannot be, 130 after Ctrl-C."""
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False)
    except ObriiError as error:
        if state["debug"]:
            raise
        sys.exit(_refused(str(error)))
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED
    except _USAGE_ERROR as error:
        sys.exit(_refused(error.format_message()))
    if code == _INTERRUPTED:
        again = shlex.join(["obrii", *sys.argv[1:]])
        print(f"obrii: stopped before the end, and nothing half done reads as whole; again: {again}", file=sys.stderr)
    sys.exit(code if isinstance(code, int) else 0)


def _refused(sentence: str) -> int:
    print(f"obrii: {sentence}", file=sys.stderr)
    return 2
