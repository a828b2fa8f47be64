"""Words: every one that is used exists, every one that exists is used, in every language, and inflects as it must."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from obrii import cli, report
from obrii.report.messages import MESSAGES, Words
from obrii.report.palette import LOOKS
from obrii.report.quantities import Numbers

SOURCE = "\n".join(
    file.read_text(encoding="utf-8")
    for package in (report, cli)
    for file in sorted(Path(package.__file__).parent.glob("*.py"))
)

#: Keys written in full, and the parts of keys that stand before and after what is filled in.
LITERAL = set(re.findall(r"""["']([a-z]+(?:\.[a-z_.\-0-9]+)?)["']""", SOURCE))
FILLED = [
    re.compile(re.sub(r"\\{[^{}]*\\}", r"[a-z_\\-]+", re.escape(part)))
    for part in re.findall(r'f"([a-z]+\.[^"\s<>]*\{[^"\s<>]*)"', SOURCE)
]

#: Heads of keys that are put together with what is not a name; all of targets are said in `test_targets`.
MADE = ("reason.", "told.", "part.")

#: Forms of a noun after a count.
FORMS = {"en": 2, "uk": 3}

#: What Ukrainian writes in Latin letters: names, and what is typed.
LATIN = {
    "Starlink", "OneWeb", "Kuiper", "Telesat", "Iridium", "GeoNames", "geonames", "org", "CC", "BY", "Natural", "Earth",
    "obrii", "run", "report", "lang", "uk", "SCENARIO", "toml", "DIR", "summary", "json", "tables", "parquet",
    "results", "zarr", "compare", "after", "VARIANT", "definitions", "o", "H",
    "resume",
}  # fmt: skip


def parts(template: str) -> list[tuple[str, str, str]]:
    """Words, name of a field, and what it asks for, piece by piece."""
    return [(words, name or "", spec or "") for words, name, spec, _ in Formatter().parse(template)]


def filled(template: str) -> set[str]:
    return {name for _, name, _ in parts(template) if name}


def forms(template: str) -> list[list[str]]:
    """Forms of every noun that stands after a count."""
    return [spec.split("|") for _, _, spec in parts(template) if "|" in spec]


def test_every_language_has_the_same_keys_and_fills_in_the_same_values() -> None:
    english = MESSAGES["en"]
    for words in MESSAGES.values():
        assert words.keys() == english.keys()
        assert {key: filled(text) for key, text in words.items()} == {
            key: filled(text) for key, text in english.items()
        }


def test_every_key_that_is_written_out_exists() -> None:
    heads = {key.split(".")[0] for key in MESSAGES["en"]}
    named = {key for key in LITERAL if "." in key and key.split(".")[0] in heads}
    assert len(named) > 60
    assert named - MESSAGES["en"].keys() == set()


def test_every_key_is_used() -> None:
    unused = {key for key in MESSAGES["en"] if key not in LITERAL and not any(p.fullmatch(key) for p in FILLED)}
    assert {key for key in unused if not key.startswith(MADE)} == set()


@pytest.mark.parametrize("language", sorted(MESSAGES))
def test_every_noun_after_a_count_has_all_forms_of_its_language(language: str) -> None:
    found = {key: forms(text) for key, text in MESSAGES[language].items() if forms(text)}
    assert len(found) >= 10
    assert {key: of for key, of in found.items() if any(len(words) != FORMS[language] for words in of)} == {}
    assert all(word.strip() for of in found.values() for words in of for word in words)


def test_an_english_noun_after_a_count_is_ukrainian_after_a_count_or_a_colon() -> None:
    for key, text in MESSAGES["en"].items():
        if forms(text):
            assert forms(MESSAGES["uk"][key]) or ": {" in MESSAGES["uk"][key], key


def test_ukrainian_has_no_word_in_latin_letters_but_names_and_what_is_typed() -> None:
    said = {
        word
        for text in MESSAGES["uk"].values()
        for words, _, spec in parts(text)
        for word in re.findall("[A-Za-z]+", f"{words} {spec}")
    }
    assert said - LATIN == set()
    assert LATIN - said == set()


def test_ukrainian_has_no_letter_of_russian_and_one_apostrophe() -> None:
    text = " ".join(MESSAGES["uk"].values())
    assert set("ыэъёЫЭЪЁ'ʼ`“”\"") & set(text) == set()
    assert "’" in text and "«" in text


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (0, "0 терміналів"), (0.2, "<\u202f1 термінал"), (1, "1 термінал"), (2, "2 термінали"), (4, "4 термінали"),
        (5, "5 терміналів"), (11, "11 терміналів"), (12, "12 терміналів"), (14, "14 терміналів"), (21, "21 термінал"),
        (22, "22 термінали"), (25, "25 терміналів"), (111, "111 терміналів"), (121, "121 термінал"),
        (1_001, "1\u202f000 терміналів"), (3_141, "3\u202f140 терміналів"), (20_000, "20\u202f000 терміналів"),
        (1_300_000, "1,3 млн терміналів"), (3.26e9, "3,26 млрд терміналів"),
    ],
)  # fmt: skip
def test_a_noun_takes_the_form_of_the_number_that_is_written(count: float, written: str) -> None:
    assert Words("uk").counted("terminals", count).replace("\u00a0", " ") == written


@pytest.mark.parametrize("language", sorted(MESSAGES))
def test_every_message_takes_every_form(language: str) -> None:
    numbers = Numbers(language)
    for key, text in MESSAGES[language].items():
        for count in (0, 1, 2, 5, 11, 21, 2e6):
            said = text.format(**{name: numbers.count(count) for name in filled(text)})
            assert "|" not in said and "{" not in said, key


@pytest.mark.parametrize("language", sorted(MESSAGES))
def test_every_reason_is_said_in_plain_words(language: str) -> None:
    words = Words(language)
    said = [words.reason(reason) for reason in LOOKS]
    assert len(set(said)) == len(LOOKS)
    assert not any(reason in text for reason, text in zip(LOOKS, said, strict=True))
    assert words.reason(None) == words.reason("") == "–"
