"""What the pages say is so: their code runs, their links lead somewhere, and no machine is named."""

from __future__ import annotations

import doctest
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from obrii import Scenario, serve_block, sky_block
from obrii.cli import app

ROOT = Path(__file__).resolve().parents[1]

PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
    *sorted((ROOT / "benchmarks").glob("*.md")),
]
EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
TEXTS = [
    *PAGES,
    ROOT / "Makefile",
    ROOT / "pyproject.toml",
    ROOT / "constraints.txt",
    ROOT / ".ci" / "run",
    *(
        file
        for folder in ("obrii", "tests", "tools", "benchmarks", "examples", "docs", "validation")
        for ending in ("py", "toml", "csv", "json")
        for file in sorted((ROOT / folder).rglob(f"*.{ending}"))
    ),
]

_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
_MACHINE = re.compile(r"(^|[^A-Za-z0-9_.-])/(home|root|srv|mnt|opt|work|tmp|Users)/|index[-]url", re.MULTILINE)


def names(files: list[Path]) -> list[str]:
    return [str(file.relative_to(ROOT)) for file in files]


def python_blocks(page: Path) -> Iterator[tuple[int, str]]:
    """Give the line and text of every block of Python on a page."""
    text = page.read_text(encoding="utf-8")
    for block in _FENCE.finditer(text):
        if block[1] in ("python", "pycon"):
            yield text.count("\n", 0, block.start()) + 1, block[2]


def commands(page: Path) -> list[str]:
    """Return every command of ours on a page, in a block or in a line, without what is said beside it."""
    text = page.read_text(encoding="utf-8")
    blocks = [re.split(r" {2,}|; ", line)[0] for line in re.findall(r"^ {4}(obrii .+)$", text, re.MULTILINE)]
    return [*blocks, *re.findall(r"`(obrii [^`]+)`", text)]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as the sites that show Markdown make them."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(text)}


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder that holds only a link to the examples, so that nothing is written into the repository."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)


WITH_CODE = [page for page in PAGES if any(python_blocks(page))]


@pytest.mark.slow
@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("page", WITH_CODE, ids=names(WITH_CODE))
def test_the_code_on_a_page_runs(page: Path) -> None:
    known: dict[str, object] = {}
    for line, text in python_blocks(page):
        if ">>>" in text:
            example = doctest.DocTestParser().get_doctest(text, known, page.name, str(page), line)
            assert doctest.DocTestRunner().run(example, clear_globs=False).failed == 0
            known.update(example.globs)
        else:
            exec(compile("\n" * line + text, str(page), "exec"), known)


WITH_COMMANDS = [page for page in PAGES if commands(page)]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=names(WITH_COMMANDS))
def test_every_command_on_a_page_is_one_of_ours(page: Path) -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for command in commands(page):
        name, *arguments = shlex.split(command, comments=True)[1:]
        assert name in known or name == "--help", command
        if any(not word.startswith("-") for word in arguments):  # a mention of a command or option is no call of it
            known[name].make_context(name, arguments)  # raises what a user would be told
        assert all((ROOT / word).exists() for word in arguments if word.startswith("examples/")), command


@pytest.mark.slow
@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("example", EXAMPLES, ids=names(EXAMPLES))
def test_an_example_can_be_run(example: Path) -> None:
    scenario = Scenario.read(example)
    sky = sky_block(scenario, slice(0, 1))
    for variant in scenario.variants():
        assert serve_block(sky, variant)


def test_the_readme_in_ukrainian_says_the_same() -> None:
    english, ukrainian = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.uk.md"))

    def typed(text: str) -> list[str]:
        """What is typed: commands, without what is said beside them, and code."""
        commands = [
            re.split(r" {2,}|; ", line.strip())[0] for line in re.findall(r"^ {4}(?:make|obrii).*$", text, re.M)
        ]
        return [*commands, *(block[2] for block in _FENCE.finditer(text))]

    def built(text: str) -> list[str]:
        """Headings, points of lists and pictures, in their order."""
        return re.findall(r"^(#+ |- |!\[)", _FENCE.sub("", text), re.M)

    def targets(text: str) -> set[str]:
        return {target.replace(".uk.", ".") for target in _LINK.findall(text)} - {"README.md"}

    assert len(typed(english)) > 10
    assert typed(ukrainian) == typed(english)
    assert built(ukrainian) == built(english)
    assert targets(ukrainian) == targets(english)


def test_every_link_inside_the_repository_leads_somewhere() -> None:
    broken = []
    for page in PAGES:
        for target in _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            there = page.parent / file if file else page
            if not there.exists() or (anchor and anchor not in anchors(there)):
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []


def test_no_file_names_a_place_on_one_machine() -> None:
    named = {file: _MACHINE.search(file.read_text(encoding="utf-8")) for file in TEXTS}
    assert [f"{file.relative_to(ROOT)}: {found[0]}" for file, found in named.items() if found] == []
