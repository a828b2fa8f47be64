"""How numbers, times and lists are written for people, by language: every rounding rule of the report."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

#: Space that keeps a number and its unit on one line.
NARROW = "\u202f"

#: Space that keeps a word with its number.
_NO_BREAK = "\u00a0"

#: What stands where a number is missing.
MISSING = "–"

#: Digits that carry meaning in a simulated count, and in one that is read aloud.
_DIGITS, _DIGITS_ALOUD = 3, 2

_MILLION, _BILLION = 1e6, 1e9

#: Where the places of letters in an alphabet begin, beyond all that names are written with.
_PLACES = 0xE000

_HOUR_S, _TEN_MINUTES_S, _MINUTE_S = 3_600.0, 600.0, 60.0

_Value = float | int | None


@dataclass(frozen=True)
class _Habits:
    """What a language does with numbers: separators, month names, units, list words, and the place of a form among
    those that a noun takes after a count; and with names: the article, what names end with that take it, an ending that
    names share, of one and of several, and the alphabet where letters are not in its order."""

    thousands: str
    decimal: str
    million: str
    billion: str
    hours: str
    minutes: str
    seconds: str
    rates: tuple[str, str, str]
    conjunction: str
    utc: str
    months: tuple[str, ...]
    form: Callable[[int], int]
    article: str = ""
    with_article: tuple[str, ...] = ()
    shared: tuple[str, str] = ("", "")
    alphabet: str = ""


def _one_few_many(count: int) -> int:
    """Place of the form after a count in Ukrainian: 1 and 21, 2 to 4 and 22 to 24, all others."""
    unit, teen = count % 10, count % 100 // 10 == 1
    return 2 if teen else 0 if unit == 1 else 1 if 2 <= unit <= 4 else 2


_HABITS = {
    "en": _Habits(
        thousands=",",
        decimal=".",
        million="million",
        billion="billion",
        hours="h",
        minutes="min",
        seconds="s",
        rates=("kb/s", "Mb/s", "Gb/s"),
        conjunction="and",
        utc="UTC",
        months=(
            "January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December",
        ),
        form=lambda count: 0 if count == 1 else 1,
        article="the",
        with_article=(
            "Bahamas", "Comoros", "Emirates", "Gambia", "Islands", "Isle of Man", "Kingdom", "Maldives", "Netherlands",
            "Philippines", "Republic", "Seychelles", "States", "Territories", "Territory", "Vatican", "of the Congo",
        ),
    ),
    "uk": _Habits(
        thousands=NARROW,
        decimal=",",
        million="млн",
        billion="млрд",
        hours="год",
        minutes="хв",
        seconds="с",
        rates=("кбіт/с", "Мбіт/с", "Гбіт/с"),
        conjunction="та",
        utc="за всесвітнім часом",
        months=(
            "січня", "лютого", "березня", "квітня", "травня", "червня",
            "липня", "серпня", "вересня", "жовтня", "листопада", "грудня",
        ),
        form=_one_few_many,
        shared=(" область", " області"),
        alphabet="абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    ),
}  # fmt: skip


class Count(str):
    """A count as it is written, that knows which form of a noun goes with it.

    >>> "{count} {count:terminal|terminals}".format(count=Count("20", 1))
    '20 terminals'
    """

    def __new__(cls, text: str, form: int) -> Count:
        """A count from its text and the place of its form, -1 for the last."""
        made = super().__new__(cls, text)
        made._form = form
        return made

    _form: int

    def __format__(self, spec: str) -> str:
        """The text; or that of the forms between bars which goes with it."""
        return spec.split("|")[self._form] if "|" in spec else super().__format__(spec)


@dataclass(frozen=True)
class Numbers:
    """Numbers in the words of a language."""

    language: str = "en"

    @property
    def _habits(self) -> _Habits:
        return _HABITS[self.language]

    def exact(self, value: _Value) -> Count:
        """A count that is known to the last digit.

        >>> Numbers().exact(2466)
        '2,466'
        """
        number = _finite(value)
        return Count(MISSING, -1) if number is None else self._whole(number)

    def count(self, value: _Value, digits: int = _DIGITS) -> Count:
        """A simulated count, to three digits that carry meaning.

        >>> [Numbers().count(n) for n in (3141.6, 12_345_678, 41e6, 3.2589e9, 999_600, 7.2, 0.4, 0)]
        ['3,140', '12.3 million', '41 million', '3.26 billion', '1 million', '7', '<\u202f1', '0']
        """
        number = _finite(value)
        if number is None:
            return Count(MISSING, -1)
        if 0 < number < 0.5:
            return Count(f"<{NARROW}1", 0)
        if number < 1000 and digits >= _DIGITS:
            return self._whole(number)
        rounded = _to_digits(number, digits)
        if rounded < _MILLION:
            return self._whole(rounded)
        habits = self._habits
        scale, word = (_MILLION, habits.million) if rounded < _BILLION else (_BILLION, habits.billion)
        text = self.grouped(rounded / scale, max(0, digits - 1 - int(math.log10(rounded / scale))))
        return Count(f"{self._cut(text)} {word}", -1)

    def millions(self, value: _Value) -> str:
        """A simulated count in millions, without the word: for columns whose head says it.

        >>> [Numbers().millions(n) for n in (13_812_345, 2_356_000, 816_000, 4_000, 0)]
        ['13.8', '2.36', '0.82', '< 0.01', '0']
        """
        number = _finite(value)
        if number is None:
            return MISSING
        if 0 < number < 0.005 * _MILLION:
            return f"<{NARROW}{self.grouped(0.01, 2)}"
        scaled = _to_digits(number, _DIGITS) / _MILLION
        return self._cut(self.grouped(scaled, 2 if scaled < 10 else 1 if scaled < 100 else 0))

    def aloud(self, value: _Value) -> Count:
        """A count as somebody would say it, to two digits.

        >>> Numbers().aloud(3141.6), Numbers().aloud(20075), Numbers().aloud(41.2e6)
        ('3,100', '20,000', '41 million')
        """
        return self.count(value, _DIGITS_ALOUD)

    def percent(self, share: _Value) -> str:
        """A share; never rounded up to all or down to nothing.

        >>> [Numbers().percent(x) for x in (0.98712, 1.0, 0.99999, 0.00001, 0.0, 0.5)]
        ['98.7\u202f%', '100\u202f%', '>\u202f99.9\u202f%', '<\u202f0.1\u202f%', '0\u202f%', '50\u202f%']
        """
        number = _finite(share)
        if number is None:
            return MISSING
        hundredth = 100.0 * min(max(number, 0.0), 1.0)
        if 1e-8 < hundredth < 0.05:
            text = f"<{NARROW}{self.grouped(0.1, 1)}"
        elif 99.95 <= hundredth < 100.0 - 1e-8:
            text = f">{NARROW}{self.grouped(99.9, 1)}"
        else:
            text = self._cut(self.grouped(hundredth, 1))
        return f"{text}{NARROW}%"

    def milliseconds(self, value: _Value) -> str:
        """A delay in milliseconds, without its unit: whole from ten on.

        >>> Numbers().milliseconds(38.6), Numbers().milliseconds(4.23), Numbers().milliseconds(None)
        ('39', '4.2', '–')
        """
        number = _finite(value)
        return MISSING if number is None else self.grouped(number, 0 if number >= 9.95 else 1)

    def rate(self, bps: _Value) -> str:
        """A rate with its unit, to two digits that carry meaning, three from a hundred on.

        >>> [Numbers().rate(n) for n in (99_993_448.0, 61.24e6, 2.128e6, 152.1e9, 999.7e6, 4e3, 0.0)]
        ['100\u202fMb/s', '61\u202fMb/s', '2.1\u202fMb/s', '152\u202fGb/s', '1\u202fGb/s', '4\u202fkb/s', '0\u202fMb/s']
        """
        number = _finite(bps)
        if number is None:
            return MISSING
        rounded = _to_digits(number, _DIGITS)
        place = 2 if rounded >= 1e9 else 0 if 0 < rounded < 1e6 else 1
        scaled = rounded / 1e3 ** (place + 1)
        text = self._cut(self.grouped(scaled, 1 if scaled < 9.95 else 0))
        return f"{text}{NARROW}{self._habits.rates[place]}"

    def megabits(self, bps: _Value) -> str:
        """A rate in Mb/s without its unit: for columns whose head says it.

        >>> [Numbers().megabits(n) for n in (99_993_448.0, 61.24e6, 2.128e6, 1.5e9, 20e3, 0.0, None)]
        ['100', '61', '2.1', '1,500', '<\u202f0.1', '0', '–']
        """
        number = _finite(bps)
        if number is None:
            return MISSING
        scaled = number / 1e6
        if 0 < scaled < 0.05:
            return f"<{NARROW}{self.grouped(0.1, 1)}"
        return self._cut(self.grouped(scaled, 1 if scaled < 9.95 else 0))

    def kept(self, share: _Value) -> str:
        """A share that may exceed all.

        >>> Numbers().kept(1.034), Numbers().kept(0.724)
        ('103\u202f%', '72.4\u202f%')
        """
        number = _finite(share)
        if number is None or number <= 1.0:
            return self.percent(number)
        return f"{self.grouped(100.0 * number, 0)}{NARROW}%"

    def mean(self, value: _Value) -> str:
        """A mean of a few things: one decimal below a hundred.

        >>> Numbers().mean(6.812), Numbers().mean(8.0), Numbers().mean(141.4)
        ('6.8', '8', '141')
        """
        number = _finite(value)
        return MISSING if number is None else self._cut(self.grouped(number, 1 if number < 99.95 else 0))

    def duration(self, seconds: _Value) -> str:
        """A length of time in its two largest units; whole minutes from ten on.

        >>> [Numbers().duration(s) for s in (0.1, 15, 90, 3465, 7200, 5415)]
        ['0.1\xa0s', '15\xa0s', '1\xa0min 30\xa0s', '58\xa0min', '2\xa0h', '1\xa0h 30\xa0min']
        """
        number = _finite(seconds)
        if number is None:
            return MISSING
        habits = self._habits
        if 0.0 < number < 1.0:
            return f"{self._cut(self.grouped(number, 2))}{_NO_BREAK}{habits.seconds}"
        if number >= _TEN_MINUTES_S:
            number = _MINUTE_S * round(number / _MINUTE_S)
        if number < _HOUR_S:
            large, small = divmod(round(number), 60)
            units = (habits.minutes, habits.seconds)
        else:
            large, small = divmod(round(number / _MINUTE_S), 60)
            units = (habits.hours, habits.minutes)
        parts = [f"{self.exact(n)}{_NO_BREAK}{unit}" for n, unit in zip((large, small), units, strict=True) if n]
        return " ".join(parts) if parts else f"0{_NO_BREAK}{habits.seconds}"

    def date(self, moment: datetime) -> str:
        """A day.

        >>> Numbers().date(instant("2022-10-03T12:00:12Z"))
        '3 October 2022'
        """
        return f"{moment.day} {self._habits.months[moment.month - 1]} {moment.year}"

    def clock(self, moment: datetime) -> str:
        """A time of day, to the minute that has begun.

        >>> Numbers().clock(instant("2022-10-03T12:30:12Z"))
        '12:30'
        """
        return f"{moment:%H:%M}"

    def span(self, start: datetime, end: datetime) -> str:
        """From when to when, in UTC.

        >>> Numbers().span(instant("2022-10-03T12:00:12Z"), instant("2022-10-03T14:00:12Z"))
        '3 October 2022, 12:00–14:00 UTC'
        """
        if start.date() == end.date():
            return f"{self.date(start)}, {self.clock(start)}–{self.clock(end)} {self._habits.utc}"
        return f"{self.date(start)}, {self.clock(start)} – {self.date(end)}, {self.clock(end)} {self._habits.utc}"

    def listing(self, items: Sequence[str]) -> str:
        """Several things in a sentence.

        >>> Numbers().listing(["a", "b", "c"])
        'a, b and c'
        """
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self._habits.conjunction} {items[-1]}"

    def places(self, names: Sequence[str]) -> str:
        """Names of places in a sentence, with what all of them end with said once.

        >>> Numbers("uk").places(["Сумська область", "Одеська область"]), Numbers().places(["Sumy", "Odesa"])
        ('Сумська та Одеська області', 'Sumy and Odesa')
        """
        one, many = self._habits.shared
        if not one or len(names) < 2 or not all(name.endswith(one) for name in names):
            return self.listing(names)
        return self.listing([name.removesuffix(one) for name in names]) + many

    def order(self, name: str) -> str:
        """What names are sorted by, in the order of the alphabet.

        >>> sorted(["Львівська", "Івано-Франківська", "Вінницька", "Ґданськ"], key=Numbers("uk").order)
        ['Вінницька', 'Ґданськ', 'Івано-Франківська', 'Львівська']
        """
        alphabet = self._habits.alphabet
        if not alphabet:
            return name
        return name.lower().translate({ord(letter): _PLACES + place for place, letter in enumerate(alphabet)})

    def country(self, name: str) -> str:
        """The name of a country inside a sentence.

        >>> [Numbers().country(name) for name in ("Kenya", "United States", "The Netherlands")]
        ['Kenya', 'the United States', 'the Netherlands']
        """
        article = self._habits.article
        if not name.endswith(self._habits.with_article):
            return name
        return f"{article} {name.removeprefix(f'{article.capitalize()} ')}"

    def _whole(self, value: float) -> Count:
        """A whole number with its form."""
        return Count(self.grouped(round(value), 0), self._habits.form(round(value)))

    def grouped(self, value: float, decimals: int) -> str:
        """A number with so many decimals, and its thousands apart."""
        habits = self._habits
        return f"{value:,.{decimals}f}".translate({ord(","): habits.thousands, ord("."): habits.decimal})

    def _cut(self, text: str) -> str:
        """The number without zeros at the end of its decimals."""
        decimal = self._habits.decimal
        return text.rstrip("0").rstrip(decimal) if decimal in text else text


def instant(text: str) -> datetime:
    """A moment from its text in UTC.

    >>> instant("2022-10-03T12:00:12Z").second
    12
    """
    return datetime.fromisoformat(text).astimezone(UTC)


def as_utc(moment: datetime) -> datetime:
    """A moment of a table, where times are UTC without saying so.

    >>> as_utc(datetime(2022, 10, 3, 12)).isoformat()
    '2022-10-03T12:00:00+00:00'
    """
    return moment.replace(tzinfo=UTC)


def _finite(value: _Value) -> float | None:
    """The number, or None where it is missing."""
    return float(value) if value is not None and math.isfinite(value) else None


def _to_digits(value: float, digits: int) -> float:
    if value <= 0:
        return 0.0
    scale = 10.0 ** (math.floor(math.log10(value)) - digits + 1)
    return round(value / scale) * scale
