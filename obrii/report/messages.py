"""Words and numbers of a language: what the report and the terminal table say, and how they call places.

A language is a dictionary from key to template (`english`, `ukrainian`). Another language needs the same keys, and its
habits of numbers in `quantities`. In a template ``{count:terminal|terminals}`` is the form of a noun that goes with a
count. What a run itself says, as titles, names of variants and assumptions, is looked up by its English text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from obrii.errors import ScenarioError
from obrii.ground import gazetteer, regions
from obrii.report import english, ukrainian
from obrii.report.phrases import Phrases
from obrii.report.quantities import Numbers

MESSAGES = {"en": english.MESSAGES, "uk": ukrainian.MESSAGES}

#: What the package itself says in runs, and the values of assumptions, by language.
_PHRASES = {"en": Phrases({}), "uk": ukrainian.PHRASES}
_VALUES = {"en": Phrases({}), "uk": ukrainian.VALUES}

#: The code of a country at the end of a station's name, or before the operator that stands there in brackets.
_COUNTRY_CODE = re.compile(r", [A-Z]{3}(?=$| \()")


def check(language: str) -> str:
    """The language itself, if there is one of this name; raises `ScenarioError`.

    >>> check("ua")
    Traceback (most recent call last):
    obrii.errors.ScenarioError: report: no language 'ua'; there are en, uk
    """
    if language in MESSAGES:
        return language
    raise ScenarioError(f"report: no language '{language}'; there are {', '.join(sorted(MESSAGES))}")


class Words(Numbers):
    """Words and numbers of a language."""

    def __init__(self, language: str = "en", texts: Mapping[str, str] | None = None) -> None:
        """texts: what the run itself says, from its own words to those of the language."""
        super().__init__(check(language))
        self._phrases = _PHRASES[language].also(texts or {})

    def say(self, key: str, **values: str) -> str:
        """The text of a key with its values filled in.

        >>> Words().say("map.title", variant="Intact")
        'Map: Intact'
        """
        return MESSAGES[self.language][key].format(**values)

    def counted(self, key: str, count: float) -> str:
        """What a key says of a count alone.

        >>> Words().counted("terminals", 1), Words().counted("terminals", 20_000), Words().counted("terminals", 0.2)
        ('1 terminal', '20,000 terminals', '<\u202f1 terminal')
        """
        return self.say(key, count=self.count(count))

    def text(self, text: str) -> str:
        """What a run says, in the language; as it is where nobody has put it into that.

        >>> Words("uk").text("Light in fibre is slower than in vacuum."), Words().text("Anything.")
        ('Світло у волокні повільніше, ніж у вакуумі.', 'Anything.')
        """
        return self._phrases.of(text)

    def value(self, text: str) -> str:
        """The value of an assumption, with numbers and units as the language writes them.

        >>> Words("uk").value("1.5 Mb/s"), Words("uk").value("none"), Words().value("1.5 Mb/s")
        ('1,5\u202fМбіт/с', 'немає', '1.5 Mb/s')
        """
        values = _VALUES[self.language]
        return values.measured(values.of(text))

    def first(self, names: Sequence[str], most: int) -> str:
        """Names in a sentence, the first of them where they are many.

        >>> Words().first(["a", "b", "c"], 3), Words().first(["a", "b", "c", "d"], 2)
        ('a, b and c', 'a, b and 2 more')
        """
        if len(names) <= most:
            return self.listing(names)
        return self.say("list.more", names=", ".join(names[:most]), count=self.exact(len(names) - most))

    def reason(self, reason: str | None) -> str:
        """A reason in plain words."""
        return self.say(f"reason.{reason or ''}")

    def variant(self, name: str) -> str:
        """The name of a variant, to stand at the head of something."""
        name = self.case(name)
        return name[:1].upper() + name[1:]

    def case(self, name: str) -> str:
        """The name of a variant, to stand within a sentence.

        >>> Words().case("intact"), Words().case("country off")
        ('Intact', 'country off')
        """
        return self.say("variant.intact") if name == "intact" else self.text(name)

    def country_name(self, code: str) -> str:
        """The name of a country by its alpha-3 code, the code itself where there is none."""
        return regions.country_names(self.language).get(code, code)

    def town(self, name: str, country: str) -> str:
        """The name of a town of a country."""
        return gazetteer.town_name(name, country, self.language)

    def operator(self, name: str) -> str:
        """The name of an operator, as it writes it itself where that is known.

        >>> Words().operator("oneweb"), Words().operator("mine")
        ('OneWeb', 'Mine')
        """
        return MESSAGES[self.language].get(f"operator.{name}") or name[:1].upper() + name[1:]

    def station(self, name: str) -> str:
        """The name of a gateway or point of presence without the code of its country.

        >>> Words().station("Kaunas, LTU"), Words().station("Anchorage, AK, USA"), Words().station("Kaunas, LTU (mine)")
        ('Kaunas', 'Anchorage, AK', 'Kaunas (mine)')
        """
        return _COUNTRY_CODE.sub("", name)
