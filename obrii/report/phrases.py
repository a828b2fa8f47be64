"""What a run says in the words of its scenario or of the package, in another language, looked up by its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter

from obrii.report.quantities import NARROW

#: A decimal number, and a unit after a number, in the value of an assumption.
_DECIMAL = re.compile(r"(?<![\w.])(\d+)\.(\d+)(?![\w.])")
_UNIT = re.compile(r"(?<=\d) ([A-Za-z%][A-Za-z/]*)(?![\w/])")


class Phrases:
    """Texts from English to another language: whole, or as templates whose values are texts themselves.

    >>> Phrases({"assumption": "припущення", "{what}: {why}": "{what} ({why})"}).of("assumption: from memory")
    'припущення (from memory)'
    """

    def __init__(self, texts: Mapping[str, str], units: Mapping[str, str] | None = None, decimal: str = ".") -> None:
        """texts: templates are those with fields in braces, tried in order; units: as values have them; decimal: the
        sign between a number and its decimals."""
        self._texts = dict(texts)
        self._units, self._decimal = dict(units or {}), decimal
        self._templates = [(_pattern(text), said) for text, said in self._texts.items() if "{" in text]

    def also(self, texts: Mapping[str, str]) -> Phrases:
        """The same with other texts before them."""
        return Phrases(
            {**texts, **{k: v for k, v in self._texts.items() if k not in texts}}, self._units, self._decimal
        )

    def of(self, text: str) -> str:
        """A text in the other language, or as it is."""
        if text in self._texts:
            return self._texts[text]
        for pattern, said in self._templates:
            found = pattern.fullmatch(text)
            if found:
                return said.format(**{name: self.of(value) for name, value in found.groupdict().items()})
        return text

    def measured(self, text: str) -> str:
        """Numbers with their units as the other language writes them.

        >>> Phrases({}, {"ms": "мс"}, ",").measured("0.05 ms")
        '0,05\u202fмс'
        """
        if not self._units:
            return text
        text = _DECIMAL.sub(rf"\g<1>{self._decimal}\g<2>", text)
        return _UNIT.sub(lambda found: f"{NARROW}{self._units.get(found[1], found[1])}", text)


def _pattern(template: str) -> re.Pattern[str]:
    """What a template matches: its words, and anything where its fields are."""
    parts = [
        re.escape(words) + (f"(?P<{name}>.+?)" if name else "") for words, name, _, _ in Formatter().parse(template)
    ]
    return re.compile("".join(parts))
