"""The report in Ukrainian: nothing of it is left in English but names, what is cited, and what is typed."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from obrii import Scenario
from obrii.errors import ScenarioError
from obrii.ground import regions
from obrii.report import causes
from obrii.report.messages import Words
from obrii.report.page import report
from obrii.report.quantities import Numbers, instant
from obrii.report.reading import read_run
from obrii.report.table import print_table
from obrii.results import comparison_summary
from obrii.results.comparison import Case, Comparison, Measured
from obrii.scenario import assumptions, presets
from tests.report import synthetic, synthetic_rates, synthetic_world
from tests.report.reader import Reader

BUILT_IN = "ukraine-autumn-2022"
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))
NUMBERS = Numbers("uk")


def latin(text: str) -> set[str]:
    return set(re.findall("[A-Za-z]+", text))


#: What stays in Latin letters wherever it stands: names of operators, works, people, formats, keys, and what is typed.
LATIN = latin(
    """
    Starlink OneWeb Kuiper Telesat starlink oneweb mini Gen GeoNames geonames org CC BY Natural Earth obrii run
    report o lang uk compare SCENARIO toml DIR summary json tables parquet results zarr H WGS UT UTC IERS Bulletin A
    B c v V Obrii Uber Technologies Apache FCC CelesTrak SGP Pekhterev SatMagazine Puchol bufferbloat Brashears SPIE
    LENS OpenVault Ka Ku E McNaughton Management Science kusat com docs ground data md least path residential busy
    hour bps peak CNN AFP Financial Times Reuters Muallim J McDowell EarthSky Kataoka et al Space Weather Clim
    """
)

#: The same of the examples.
OF_EXAMPLES = latin("Kentik NetBlocks Kutkov O Hypatia Basak Pal Bhattacherjee LEO NET Asad Ullah arXiv")


def scenarios() -> list[Scenario]:
    """The built-in scenario, and others in which the package says what it does not say there."""
    built_in = Scenario.preset(BUILT_IN)
    data = built_in.model_dump(by_alias=True)
    keeping, alone, flat = (built_in.model_dump(by_alias=True) for _ in range(3))
    for operator in keeping["operator"]:
        operator.update(hysteresis_ms=1.0, policy="highest-elevation")
    alone["traffic"] = {"others": False}
    alone["operator"][1].update(constellation="kuiper", ground=None, name="oneweb")
    flat["traffic"] = {"curve": "flat", "peak_bps": 50e6}
    flat["terminals"][0].update(priority="critical", busy_hour_bps=8e6)
    flat["operator"][1].update(constellation="iridium", ground=None, payload=None)
    lost = data | {
        "event": [
            {"name": "storm", "kind": "storm"},
            {"name": "age", "kind": "ageing", "start": "2022-10-03T12:30:00Z", "ramp_s": 60.0},
            {"name": "part", "kind": "core-off", "target": {"left": 0.5}},
        ],
        "variant": [{"name": "all", "events": ["storm", "age", "part"]}],
    }
    without = data | {
        "traffic": None,
        "terminals": [{k: v for k, v in t.items() if v is not None} for t in data["terminals"]],
    }
    return [built_in, *(built_in.changed(each) for each in (keeping, alone, flat, lost, without))]


def said(scenario: Scenario) -> set[str]:
    """Everything that a scenario says in words."""
    named = [*scenario.variant, *scenario.event, *scenario.terminals]
    return {
        scenario.title,
        scenario.description,
        *(part.name for part in named),
        *(text for each in scenario.assumption for text in (each.text, each.source)),
    } - {""}


def test_the_built_in_scenario_says_everything_in_ukrainian_and_nothing_that_it_does_not_say() -> None:
    scenario = Scenario.preset(BUILT_IN)
    words = Words("uk", scenario.translation["uk"])
    assert {text for text in said(scenario) if words.text(text) == text} == set()
    assert scenario.translation["uk"].keys() - said(scenario) == set()
    assert {text: latin(words.text(text)) - LATIN for text in said(scenario) if latin(words.text(text)) - LATIN} == {}


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_an_example_says_everything_in_ukrainian_but_names_and_nothing_that_it_does_not_say(path: Path) -> None:
    scenario = Scenario.read(path)
    words = Words("uk", scenario.translation["uk"])
    assert scenario.translation["uk"].keys() - said(scenario) == set()
    assert {text for text in said(scenario) if latin(words.text(text)) - LATIN - OF_EXAMPLES} == set()


def test_what_the_package_takes_for_granted_is_said_in_ukrainian() -> None:
    left = set()
    for scenario in scenarios():
        words = Words("uk", scenario.translation["uk"])
        for row in assumptions.assumptions(scenario):
            key = "" if "." in row["key"] else words.text(row["key"])
            left |= latin(
                " ".join([key, words.text(row["text"]), words.value(row["value"]), words.text(row["source"])])
            )
            assert re.search("[а-я]", words.text(row["text"])), row
    assert left - LATIN - {"highest", "elevation", "flat", "critical", "Iridium"} == set()


def test_every_source_of_the_built_in_scenario_is_said_in_ukrainian() -> None:
    scenario = Scenario.preset(BUILT_IN)
    words = Words("uk", scenario.translation["uk"])
    for row in assumptions.sources(scenario):
        assert (latin(words.text(row["what"])) | latin(words.text(row["source"]))) - LATIN == set()
        assert re.search("[а-я]", words.text(row["what"])), row


def test_every_constellation_and_payload_that_ships_is_said_in_ukrainian() -> None:
    words = Words("uk")
    texts = [presets.constellation(name).title for name in presets.constellation_names()]
    texts += [presets.constellation(name).source for name in presets.constellation_names()]
    for name in presets.payload_names():
        payload = presets.payload(name)
        texts += [payload.title, payload.source, *payload.sources.values()]
    assert [text for text in texts if not re.search("[а-я]", words.text(text))] == []


def test_what_every_number_of_a_comparison_is_is_said_in_ukrainian() -> None:
    words = Words("uk")
    usable = Comparison(Case("a", "b"), Case("a", "c"), Measured(1, 1, 15.0, ()), {"restored": {}}, usable_bps=10e6)
    for kind, meanings in comparison_summary.definitions([usable]).items():
        assert re.search("[а-я]", words.say(f"compare.kind.{kind}"))
        for text in meanings.values():
            kept = {"ISO", "alpha", "H", "Parquet", "traffic", "usable", "bps"}
            assert words.text(text) != text and latin(words.text(text)) - kept == set(), text


def test_a_scenario_says_its_own_words_in_a_language_by_its_code() -> None:
    text = """
        title = "A plane"
        time = {start = 2026-01-01T00:00:00Z, seconds = 60}
        operator = [{name = "kuiper", constellation = "kuiper"}]
        translation = {uk = {"A plane" = "Площина"}}
    """
    scenario = Scenario.parse(text)
    assert scenario.translation == {"uk": {"A plane": "Площина"}}
    assert Scenario.parse(scenario.resolved()).translation == scenario.translation
    with pytest.raises(ScenarioError, match=r"translation: ukrainian .*two small letters of ISO 639-1, as 'uk'"):
        Scenario.parse(text.replace("uk =", "ukrainian ="))


def test_a_name_within_a_text_is_said_in_ukrainian_too() -> None:
    words = Words("uk", {"core down": "ядро не працює"})
    assert words.text("In the case “core down” this is 50 instead of nothing.") == (
        "У варіанті «ядро не працює» це 50 замість nothing."
    )
    assert words.text("Nobody has said this before.") == "Nobody has said this before."


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (NUMBERS.count(12_345_678), "12,3 млн"),
        (NUMBERS.count(3.2589e9), "3,26 млрд"),
        (NUMBERS.exact(2466), "2\u202f466"),
        (NUMBERS.percent(0.98712), "98,7\u202f%"),
        (NUMBERS.percent(0.00001), "<\u202f0,1\u202f%"),
        (NUMBERS.millions(2_356_000), "2,36"),
        (NUMBERS.milliseconds(4.23), "4,2"),
        (NUMBERS.rate(2.128e6), "2,1\u202fМбіт/с"),
        (NUMBERS.rate(152e9), "152\u202fГбіт/с"),
        (NUMBERS.megabits(1.5e9), "1\u202f500"),
        (NUMBERS.mean(6.812), "6,8"),
        (NUMBERS.duration(5415), "1\u00a0год 30\u00a0хв"),
        (NUMBERS.duration(90), "1\u00a0хв 30\u00a0с"),
        (NUMBERS.date(instant("2022-10-03T12:00:12Z")), "3 жовтня 2022"),
        (
            NUMBERS.span(instant("2022-10-03T12:00:12Z"), instant("2022-10-03T14:00:12Z")),
            "3 жовтня 2022, 12:00–14:00 за всесвітнім часом",
        ),
        (NUMBERS.listing(["Литва", "Польща", "Туреччина"]), "Литва, Польща та Туреччина"),
    ],
)
def test_numbers_and_dates_are_written_as_in_ukrainian(written: str, expected: str) -> None:
    assert written == expected


def test_every_country_has_a_name_of_its_own_in_ukrainian() -> None:
    english, ukrainian = regions.country_names(), regions.country_names("uk")
    assert list(english) == list(ukrainian)
    assert len(set(ukrainian.values())) == len(ukrainian)
    assert not any(latin(name.replace("США", "")) for name in ukrainian.values())


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up run like that of the built-in scenario, with rates, and with what that says in Ukrainian."""
    made = synthetic_rates.add_rates(synthetic.ukraine(tmp_path_factory.mktemp("run")))
    path = made / "summary.json"
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    built_in = Scenario.preset(BUILT_IN)
    content["assumptions"], content["sources"] = assumptions.assumptions(built_in), assumptions.sources(built_in)
    content["translation"] = built_in.translation
    path.write_text(json.dumps(content), encoding="utf-8")
    return made


def test_the_page_is_all_in_ukrainian_but_for_names_and_what_is_typed(directory: Path) -> None:
    page = report(directory, language="uk")
    assert page.name == "report.uk.html"
    reader = Reader(page.read_text(encoding="utf-8"))
    assert ("html", "lang", "uk") in reader.attributes
    stations = latin(" ".join(name for name, *_ in synthetic.GATEWAYS)) | {"Frankfurt"}
    keys = latin(" ".join(row["key"] for row in assumptions.assumptions(Scenario.preset(BUILT_IN))))
    codes = {"UKR"}  # what this made-up run calls its country
    assert latin(reader.words) - LATIN - stations - keys - codes == set()
    assert "Із 20\u202f000 супутникових терміналів" in reader.words
    run = read_run(directory)
    regions = causes.cause(run, run.summary.others[0], Words("uk"))
    assert regions.endswith("Донецька, Запорізька, Луганська, Харківська та Херсонська області")
    assert "Кривий Ріг" in reader.words and "Туреччина" in reader.words


def test_regions_stand_in_the_order_of_the_alphabet(directory: Path) -> None:
    said = Reader(report(directory, language="uk").read_text(encoding="utf-8")).words.split("Області та міста")[1]
    places = [
        said.index(f"{name} область") for name in ("Житомирська", "Закарпатська", "Івано-Франківська", "Київська")
    ]
    assert places == sorted(places)


def test_the_page_in_one_language_leaves_the_other_where_it_is(directory: Path) -> None:
    english = report(directory).read_text(encoding="utf-8")
    report(directory, language="uk")
    assert (directory / "report.html").read_text(encoding="utf-8") == english
    assert 'lang="en"' in english and "Україна" not in english


@pytest.mark.parametrize("width", [80, 200])
def test_the_table_is_all_in_ukrainian(directory: Path, width: int) -> None:
    console = Console(file=io.StringIO(), width=width)
    print_table(json.loads((directory / "summary.json").read_text(encoding="utf-8")), console, language="uk")
    table = console.file.getvalue()  # type: ignore[attr-defined]
    assert latin(table) - latin(" ".join(name for name, *_ in synthetic.GATEWAYS)) == set()
    assert "Країну вимкнено" in table and "…" not in table


def test_the_world_is_all_in_ukrainian(tmp_path: Path) -> None:
    made = synthetic_world.world(tmp_path)
    path = made / "summary.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["assumptions"] = content["sources"] = []
    names = [content["title"], *(variant["name"] for variant in content["variants"])]
    content["translation"] = {"uk": {name: f"назва {number}" for number, name in enumerate(names)}}
    path.write_text(json.dumps(content), encoding="utf-8")
    words = Reader(report(made, language="uk").read_text(encoding="utf-8")).words
    codes = {"UA"}  # of a region that this made-up run has no name for
    assert latin(words) - LATIN - {"Gateway", "Frankfurt"} - codes == set()
