"""Words: every one that is used exists, every one that exists is used, in every language."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from obrii import report
from obrii.report.messages import MESSAGES, Words
from obrii.report.palette import LOOKS

SOURCE = "\n".join(
    file.read_text(encoding="utf-8")
    for file in sorted(Path(report.__file__).parent.glob("*.py"))
    if file.name not in {"messages.py", "rate_messages.py", "definitions.py"}
)

#: Keys written in full, and the parts of keys that stand before and after what is filled in.
LITERAL = set(re.findall(r"""["']([a-z]+\.[a-z_.\-0-9]+)["']""", SOURCE))
FILLED = [
    re.compile(re.sub(r"\\{[^{}]*\\}", r"[a-z_\\-]+", re.escape(part)) + r"(\.one|\.many)?")
    for part in re.findall(r'f"([a-z]+\.[^"\s<>]*\{[^"\s<>]*)"', SOURCE)
]
FORMS = (".one", ".many")
OWN = {"reason", "variant", "terminals", "site", "list", "operator"}  # said by methods of Words in messages.py itself


def filled(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_every_language_has_the_same_keys_and_fills_in_the_same_values() -> None:
    english = MESSAGES["en"]
    for words in MESSAGES.values():
        assert words.keys() == english.keys()
        assert {key: filled(text) for key, text in words.items()} == {
            key: filled(text) for key, text in english.items()
        }


def test_every_key_that_is_written_out_exists() -> None:
    heads = {key.split(".")[0] for key in MESSAGES["en"]}
    named = {key for key in LITERAL if key.split(".")[0] in heads}
    assert len(named) > 60
    assert {key for key in named if key not in MESSAGES["en"] and f"{key}.many" not in MESSAGES["en"]} == set()


def test_every_key_is_used() -> None:
    unused = [
        key
        for key in MESSAGES["en"]
        if LITERAL.isdisjoint({key, *(key.removesuffix(form) for form in FORMS)})
        and key.split(".")[0] not in OWN
        and not any(part.fullmatch(key) for part in FILLED)
    ]
    assert unused == []


@pytest.mark.parametrize("language", sorted(MESSAGES))
def test_every_reason_is_said_in_plain_words(language: str) -> None:
    words = Words(language)
    said = [words.reason(reason) for reason in LOOKS]
    assert len(set(said)) == len(LOOKS)
    assert not any(reason in text for reason, text in zip(LOOKS, said, strict=True))
    assert words.reason(None) == words.reason("") == "–"
