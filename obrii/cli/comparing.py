"""`obrii compare` and `obrii export`: variants and runs beside each other, and tables for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from obrii.cli.arguments import AsJson, Language, RunDirectory, say
from obrii.errors import ScenarioError

if TYPE_CHECKING:
    from obrii.results.finished import FinishedRun

#: What `obrii compare` writes where no format is named.
_ALL = ("parquet", "csv", "geojson")

Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="OUT", help="Folder for the files.")]
Formats = Annotated[
    list[str] | None, typer.Option("--format", metavar="FORMAT", help="parquet, csv or geojson; may be repeated.")
]


def compare_command(
    directory: RunDirectory,
    other: Annotated[Path | None, typer.Argument(metavar="DIR2", help="Another run, to compare with it.")] = None,
    before: Annotated[
        str | None, typer.Option(metavar="VARIANT", help="Variant to compare with; intact without it.")
    ] = None,
    after: Annotated[
        str | None, typer.Option(metavar="VARIANT", help="Variant to look at; each other one of the run without it.")
    ] = None,
    restores: Annotated[
        list[str] | None,
        typer.Option(metavar="VARIANT", help="Variant that may restore what --after loses; may be repeated."),
    ] = None,
    output: Output = None,
    formats: Formats = None,
    as_json: AsJson = False,
    definitions: Annotated[bool, typer.Option("--definitions", help="Say what every number means.")] = False,
    language: Language = "en",
) -> None:
    """Compare variants or runs, place by place.

    It says who loses and who gains what, where, for how long, and who takes over.
    """
    from rich.console import Console

    from obrii.export.files import check_formats
    from obrii.export.runs import export_comparisons
    from obrii.report.comparison import print_comparisons
    from obrii.report.messages import Words
    from obrii.results import comparison_summary
    from obrii.results.comparison import compare_runs
    from obrii.results.finished import open_run

    words, wanted = Words(language), check_formats(formats or _ALL)
    if formats and output is None:
        raise ScenarioError("compare: --format says how files are written; say where with -o OUT")
    if restores and after is None:
        raise ScenarioError("compare: --restores needs the variant that loses; name it with --after")
    one = open_run(directory)
    two = one if other is None else open_run(other)
    # Two runs are compared in the variant that is named, if only one is.
    first = before or (after if other is not None and after else "intact")
    afters = [after] if after else [first] if other is not None else _others(one, first)
    comparisons = [compare_runs(one, first, two, each, restores or (), cells=output is not None) for each in afters]
    say(dict.fromkeys(notice for each in comparisons for notice in each.notices))
    paths = export_comparisons(comparisons, output, wanted, words.text) if output is not None else []
    if as_json:
        print(json.dumps(comparison_summary.content(comparisons), indent=1, ensure_ascii=False))
        return
    print_comparisons(comparisons, Console(), language=language)
    if definitions:
        for kind, meanings in comparison_summary.definitions(comparisons).items():
            print("\n" + words.say(f"compare.kind.{kind}"))
            for name, meaning in meanings.items():
                print(f"  {words.text(name)}: {words.text(meaning)}")
    for path in paths:
        print(path)


def export_command(directory: RunDirectory, output: Output = None, formats: Formats = None) -> None:
    """Write tables and maps for other programs.

    The tables of a finished run as CSV, and its cells in GeoJSON, a map a variant.
    """
    from obrii.export.runs import export_run
    from obrii.results.finished import open_run

    run = open_run(directory)
    for path in export_run(run, output or directory / "export", formats or ("csv", "geojson")):
        print(path)


def _others(run: FinishedRun, before: str) -> list[str]:
    """Every variant of a run but one; refused where there is none."""
    found = [name for name in run.variants if name != before]
    if not found:
        raise ScenarioError(f"{run.path}: holds '{before}' alone; name another run to compare it with")
    return found
