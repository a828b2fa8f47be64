"""Draw the floors of the package into docs/architecture.md, from the contract that the tests enforce."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN = "<!-- floors: drawn by `make docs` from [tool.importlinter] in pyproject.toml -->"
END = "<!-- end of floors -->"

#: Characters between the outer walls of the picture.
WIDTH = 76


def floors() -> list[list[str]]:
    """Return the names on each floor, top first, without those that do not exist yet."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    named = [[name.strip(" ()") for name in layer.replace(":", "|").split("|")] for layer in layers]
    standing = [[name for name in floor if _files(name)] for floor in named]
    return [floor for floor in standing if floor]


def page(old: str) -> str:
    """Return the page with everything between its two markers drawn again."""
    before, rest = old.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n```text\n{_picture()}```\n\n{_index()}\n{END}{after}"


def _picture() -> str:
    rows = [_shared_out(floor) for floor in floors()]
    lines = [_beam("┌", "┐", (), rows[0])]
    for here, below in zip(rows, [*rows[1:], ()]):
        lines.append("│" + "│".join(f" {name}".ljust(width) for name, width in here) + "│")
        lines.append(_beam("├", "┤", here, below) if below else _beam("└", "┘", here, ()))
    return "\n".join(lines) + "\n"


def _shared_out(floor: list[str]) -> tuple[tuple[str, int], ...]:
    """Return each room of a floor with its width."""
    room, over = divmod(WIDTH - (len(floor) - 1), len(floor))
    return tuple((name, room + (place < over)) for place, name in enumerate(floor))


def _beam(left: str, right: str, above: tuple[tuple[str, int], ...], below: tuple[tuple[str, int], ...]) -> str:
    """Return the line between two floors, joined to the walls that stand on it and hang from it."""
    up, down = _walls(above), _walls(below)
    joint = {(True, True): "┼", (True, False): "┴", (False, True): "┬", (False, False): "─"}
    return left + "".join(joint[place in up, place in down] for place in range(WIDTH)) + right


def _walls(floor: tuple[tuple[str, int], ...]) -> set[int]:
    walls, place = set(), 0
    for _, width in floor[:-1]:
        place += width
        walls.add(place)
        place += 1
    return walls


def _index() -> str:
    files = [file for floor in floors() for name in floor for file in _files(name)]
    rows = "".join(f"| `{file.relative_to(ROOT / 'obrii')}` | {_idea(file)} |\n" for file in files)
    return f"| file | its one idea |\n| --- | --- |\n{rows}"


def _files(name: str) -> list[Path]:
    """Return the files of a module, or of a package and those inside it, without empty ones."""
    module = ROOT / "obrii" / f"{name}.py"
    found = [module] if module.exists() else sorted((ROOT / "obrii" / name).rglob("*.py"))
    return [file for file in found if file.stat().st_size]


def _idea(file: Path) -> str:
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
