"""The rules of the house: floors, names, size, and what a cold start may load."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import obrii
from tools import architecture_picture, nomenclature

ROOT = Path(__file__).resolve().parents[1]
OWN = ("obrii", "tests", "tools", "benchmarks", "examples", "validation")

#: Lines; a longer module holds more than one idea (style of the project).
LONGEST_MODULE = 400

#: Packages that take a noticeable part of a second to import, and that no `--help` needs.
HEAVY = {"numba", "xarray", "pydantic", "h3"}

PACKAGE = sorted((ROOT / "obrii").rglob("*.py"))
CODE = [file for folder in OWN for file in sorted((ROOT / folder).rglob("*.py"))]


def place(file: Path) -> str:
    return str(file.relative_to(ROOT))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def run_python(code: str) -> str:
    """Return what a fresh interpreter prints, so that nothing is loaded that the code does not load."""
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def imported(module: ast.Module) -> Iterator[tuple[str, str | None, str]]:
    """Give (module, name taken from it or None, name it has here) of every import in a file."""
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            yield from ((("." * node.level) + (node.module or ""), a.name, a.asname or a.name) for a in node.names)
        elif isinstance(node, ast.Import):
            yield from ((a.name, None, a.asname or a.name.split(".")[0]) for a in node.names)


def plain(name: str) -> str:
    """Return the name of a distribution as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required(*parts: str) -> list[str]:
    """Return the packages that pyproject.toml asks for: to run ("obrii"), or with an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {"obrii": project["dependencies"], **project["optional-dependencies"]}
    return [plain(re.match(r"[\w.-]+", line)[0]) for part in parts for line in asked[part]]


def private(name: str) -> bool:
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def test_no_module_imports_from_its_own_floor_or_a_higher_one() -> None:
    run_python("from importlinter import cli; raise SystemExit(cli.lint_imports())")


def test_nothing_inside_imports_the_public_names() -> None:
    # `obrii/__init__.py` reaches every floor, so an import from it would reach them too.
    through = [
        f"{place(file)}: {taken}"
        for file in PACKAGE
        for source, taken, _ in imported(tree(file))
        if source == "obrii" and taken in obrii.__all__
    ]
    assert through == []


def test_modules_are_short() -> None:
    lines = {place(file): len(file.read_text(encoding="utf-8").splitlines()) for file in CODE}
    assert {name: count for name, count in lines.items() if count > LONGEST_MODULE} == {}


def test_a_module_says_its_one_idea() -> None:
    assert [place(file) for file in PACKAGE if not ast.get_docstring(tree(file))] == []


def test_a_private_name_stays_in_its_file() -> None:
    crossing = []
    for file in CODE:
        module = tree(file)
        ours = [entry for entry in imported(module) if entry[0].startswith(".") or entry[0].split(".")[0] in OWN]
        here = {name for _, _, name in ours}
        crossing += [f"{place(file)}: {taken}" for _, taken, _ in ours if taken and private(taken)]
        crossing += [
            f"{place(file)}: {node.value.id}.{node.attr}"
            for node in ast.walk(module)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
            if node.value.id in here and private(node.attr)
        ]
    assert crossing == []


def test_only_the_command_line_prints() -> None:
    printing = [
        place(file)
        for file in PACKAGE
        if file.parent.name != "cli"
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []


def test_only_kernels_know_the_compiler() -> None:
    knowing = [
        place(file)
        for file in PACKAGE
        if file.parent.name != "kernels" and any(source.split(".")[0] == "numba" for source, *_ in imported(tree(file)))
    ]
    assert knowing == []


def test_every_package_that_is_imported_is_declared() -> None:
    # One that is only installed here by chance is missing from a clean machine.
    declared = set(required("obrii"))
    outside = {source.split(".")[0] for file in PACKAGE for source, *_ in imported(tree(file)) if source[0] != "."}
    owners = {
        name: packages_distributions().get(name, [name]) for name in outside - sys.stdlib_module_names - {"obrii"}
    }
    assert [name for name, by in owners.items() if declared.isdisjoint(plain(each) for each in by)] == []


def test_every_declared_package_has_an_exact_version() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    exact = {plain(name) for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}
    assert [name for name in required("obrii", "test") if name not in exact] == []


def test_public_names_are_sorted_and_complete() -> None:
    assert obrii.__all__ == sorted(obrii.__all__)
    assert len(set(obrii.__all__)) == len(obrii.__all__)
    for name in obrii.__all__:
        assert getattr(obrii, name) is not None
    # A submodule that has been imported is an attribute too, so a fresh interpreter is asked.
    public = json.loads(run_python("import json, obrii; print(json.dumps([n for n in dir(obrii) if n[0] != '_']))"))
    assert set(public) <= set(obrii.__all__)


def test_no_public_name_is_hidden_by_a_module() -> None:
    # Importing obrii/x.py sets obrii.x to the module, whatever the public name x was.
    modules = {file.stem for file in PACKAGE if file.parent.name == "obrii"}
    modules |= {file.parent.name for file in PACKAGE if file.parent.parent.name == "obrii"}
    assert modules & set(obrii.__all__) == set()


def test_help_loads_nothing_heavy() -> None:
    code = """
import sys
sys.argv = ["obrii", "--help"]
from obrii.cli import main
try:
    main()
except SystemExit as ended:
    assert not ended.code
print()
print(*sys.modules)
"""
    assert HEAVY.isdisjoint(run_python(code).splitlines()[-1].split())


def kernels() -> Iterator[tuple[ast.FunctionDef, Path]]:
    """Give the definition of every compiled loop and its file."""
    for file in PACKAGE:
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.FunctionDef) and any(ast.unparse(mark) == "kernel" for mark in node.decorator_list):
                yield node, file


def docstrings(file: Path) -> str:
    nodes = (node for node in ast.walk(tree(file)) if isinstance(node, ast.Module | ast.FunctionDef))
    return "\n".join(ast.get_docstring(node) or "" for node in nodes)


def test_a_kernel_is_compared_with_its_twin() -> None:
    files = [file for part in ("kernels", "reference") for file in (ROOT / "tests" / part).rglob("*.py")]
    words = {word for file in files for word in re.findall(r"\w+", file.read_text(encoding="utf-8"))}
    named = {kernel.name: ast.unparse(kernel) for kernel, _ in kernels()}
    compared = named.keys() & words
    # A kernel that others call is compared through them.
    inside = {name for name in named for outer in compared - {name} if re.search(rf"\b{name}\(", named[outer])}
    assert sorted(named.keys() - compared - inside) == []


def test_an_argument_of_a_kernel_is_explained_in_its_file() -> None:
    # Kernels of one file share arguments, and explain them once.
    unsaid = [
        f"{place(file)}: {kernel.name}({argument.arg})"
        for kernel, file in kernels()
        for argument in kernel.args.args
        if not re.search(rf"\b{argument.arg}\b", docstrings(file))
    ]
    assert unsaid == []


def test_the_drawn_floors_are_the_contract() -> None:
    text = architecture_picture.PAGE.read_text(encoding="utf-8")
    assert architecture_picture.page(text) == text, "run `make docs`"


def test_the_nomenclature_is_the_registry() -> None:
    assert nomenclature.PAGE.read_text(encoding="utf-8") == nomenclature.page(), "run `make docs`"
