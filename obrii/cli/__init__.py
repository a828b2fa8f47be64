"""The command line: each command parses, calls one function, prints.

Modules that compute are imported inside the commands, so that `obrii --help` answers at once.
"""

from __future__ import annotations

import json
import shlex
import signal
import sys
from pathlib import Path
from types import FrameType
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

#: Whether errors show their trace, which signal asked to stop, and where a run leaves what it computes.
state: dict[str, Any] = {"debug": False, "signal": signal.SIGINT, "directory": None}

#: Exit code after a signal, as shells have it, less the number of the signal; and after Ctrl-C.
_SIGNALLED, _INTERRUPTED = 128, 130

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
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where a run was interrupted in DIR, to the same results.")
    ] = False,
    language: Language = "en",
) -> None:
    """Run a scenario, and write its report.

    It says who is served in every variant: as a table here, and in a folder with report.html, arrays and tables.
    """
    from rich.console import Console

    from obrii.report.messages import Words
    from obrii.report.page import report
    from obrii.report.table import print_table
    from obrii.results.checkpoint import steps_kept
    from obrii.results.directory import complete
    from obrii.scenario.stage import stage
    from obrii.simulation import run

    words, world = Words(language), read_scenario(scenario)
    say(stage(world).notices)
    directory = output or Path(f"obrii-{Path(scenario).stem}")
    steps, whole = steps_kept(directory), complete(directory)
    if steps and not resume:
        say([words.say("terminal.anew", directory=str(directory), steps=str(steps))])
    state["directory"] = directory
    with progress() as bar:
        summary = run(world, directory, threads=threads, progress=bar, resume=resume)
    if whole and resume:
        say([words.say("terminal.finished", directory=str(directory))])
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
    """Run the command line; one sentence and exit code 2 for what cannot be, 130 after Ctrl-C, 143 when terminated."""
    signal.signal(signal.SIGTERM, _terminated)
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
    except Exception:
        if state["directory"] is not None:
            _say_how_to_go_on()
        raise
    if code == _INTERRUPTED:
        _say_how_to_go_on()
        code = _SIGNALLED + state["signal"]
    sys.exit(code if isinstance(code, int) else 0)


def _terminated(number: int, _: FrameType | None) -> None:
    """Stop as Ctrl-C does, for whoever asks politely: a system that shuts down, a queue whose time is up."""
    state["signal"] = number
    raise KeyboardInterrupt


def _say_how_to_go_on() -> None:
    """Say which command computes what is left of a run: all of it, where none is kept."""
    steps = 0
    if state["directory"] is not None:
        from obrii.results.checkpoint import steps_kept

        steps = steps_kept(state["directory"])
    kept = f"{steps} steps are kept; go on with" if steps else "nothing half done reads as whole; again"
    resume = ["--resume"] if steps and "--resume" not in sys.argv else []
    print(
        f"obrii: stopped before the end, and {kept}: {shlex.join(['obrii', *sys.argv[1:], *resume])}", file=sys.stderr
    )


def _refused(sentence: str) -> int:
    print(f"obrii: {sentence}", file=sys.stderr)
    return 2
