"""Events told by what they are aimed at: each sentence of both languages, and every word that is there for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from obrii.report import targets
from obrii.report.english.targets import TARGETS
from obrii.report.messages import Words
from obrii.report.reading import Event

NOW = datetime(2026, 1, 1, tzinfo=UTC)

#: Kind, target, and what is said of it in English and Ukrainian.
SAID = [
    ("satellites-off", {"shell": "s1", "planes": [3]},
     "when one plane of shell s1 fails", "коли втрачено одну орбітальну площину оболонки s1"),
    ("satellites-off", {"planes": [1, 2, 3], "operator": "oneweb"},
     "when 3 planes of OneWeb fail", "коли втрачено 3 орбітальні площини мережі OneWeb"),
    ("satellites-off", {"share": 0.05, "operator": "starlink"},
     "when a twentieth of the satellites of Starlink fail",
     "коли втрачено двадцяту частину супутників мережі Starlink"),
    ("satellites-off", {"share": 0.37, "operator": ["starlink", "oneweb"]},
     "when 37\u202f% of the satellites of Starlink and OneWeb fail",
     "коли втрачено 37\u202f% супутників мереж Starlink та OneWeb"),
    ("satellites-off", {"latitude_deg": [40, 60]},
     "when all satellites over 40 to 60° north fail", "коли втрачено всі супутники над смугою 40–60° північної широти"),
    ("satellites-off", {"latitude_deg": [-60, -40], "share": 0.5},
     "when half of the satellites over 40 to 60° south fail",
     "коли втрачено половину супутників над смугою 40–60° південної широти"),
    ("satellites-off", {"latitude_deg": [-30, 30], "altitude_km": [500, 560]},
     "when all satellites over 30° south to 30° north at 500 to 560 km fail",
     "коли втрачено всі супутники над смугою від 30° південної до 30° північної широти на висоті 500–560 км"),
    ("satellites-off", {"near": {"place": "Lviv", "radius_km": 300}},
     "when all satellites over the 300 km around Lviv fail",
     "коли втрачено всі супутники над кругом радіусом 300 км (центр: Львів)"),
    ("satellites-off", {"most": "loaded", "satellites": list(range(8))},
     "when the 8 most loaded satellites fail", "коли втрачено 8 найбільш навантажених супутників"),
    ("satellites-off", {"most": "loaded", "satellites": [44713], "operator": "starlink"},
     "when the most loaded satellite of Starlink fails",
     "коли втрачено найбільш навантажений супутник мережі Starlink"),
    ("satellites-off", {"most": "central", "count": 2},
     "when the 2 satellites that most ways pass through fail",
     "коли втрачено 2 супутники, через які проходить найбільше шляхів"),
    ("satellites-off", {"most": "central", "count": 1},
     "when the satellite that most ways pass through fails",
     "коли втрачено супутник, через який проходить найбільше шляхів"),
    ("satellites-off", {"satellites": 7}, "when 1 satellite fails", "коли втрачено 1 супутник"),
    ("satellites-off", {"count": 22, "generation": ["v1", "v2"]},
     "when 22 satellites of generations v1 and v2 fail", "коли втрачено 22 супутники поколінь v1 та v2"),
    ("storm", {"operator": "starlink"}, "when a geomagnetic storm brings satellites of Starlink down",
     "коли супутники мережі Starlink падають через геомагнітну бурю"),
    ("ageing", {"operator": "starlink"}, "when no more satellites of Starlink are launched",
     "коли нових супутників мережі Starlink більше не запускають"),
    ("lasers-off", {"operator": "starlink"}, "when lasers between satellites of Starlink are off",
     "коли вимкнено лазерні лінії між супутниками мережі Starlink"),
    ("lasers-off", {"share": 0.25}, "when a quarter of the lasers between satellites are off",
     "коли вимкнено чверть лазерних ліній між супутниками"),
    ("lasers-off", {"count": 5}, "when 5 lasers between satellites are off",
     "коли вимкнено 5 лазерних ліній між супутниками"),
    ("lasers-off", {"links": "cross-plane"}, "when lasers between planes are off",
     "коли вимкнено лазерні лінії між площинами"),
    ("lasers-off", {"links": "cross-plane", "share": 0.1}, "when a tenth of the lasers between planes are off",
     "коли вимкнено десяту частину лазерних ліній між площинами"),
    ("lasers-off", {"links": "cross-plane", "count": 1}, "when 1 laser between planes is off",
     "коли вимкнено 1 лазерну лінію між площинами"),
    ("antennas-off", {"sites": "Usingen, DEU", "count": 2},
     "when 2 antennas of the gateway Usingen are lost", "коли втрачено 2 антени шлюзу Usingen"),
    ("antennas-off", {"sites": ["Wola", "Kaunas"], "count": 2},
     "when 2 antennas of each of the gateways Wola and Kaunas are lost",
     "коли втрачено 2 антени кожного зі шлюзів Wola та Kaunas"),
    ("antennas-off", {"sites": ["Wola"]}, "when all antennas of the gateway Wola are lost",
     "коли втрачено всі антени шлюзу Wola"),
    ("antennas-off", {"sites": ["Wola"], "share": 0.5}, "when half of the antennas of the gateway Wola are lost",
     "коли втрачено половину антен шлюзу Wola"),
    ("antennas-off", {"countries": ["POL", "DEU"], "share": 1 / 3},
     "when a third of the antennas of gateways in Germany and Poland are lost",
     "коли втрачено третину антен шлюзів (Німеччина та Польща)"),
    ("antennas-off", {"operator": "oneweb"}, "when all antennas of gateways of OneWeb are lost",
     "коли втрачено всі антени шлюзів мережі OneWeb"),
    ("antennas-off", {"countries": "POL", "count": 1},
     "when 1 antenna of each gateway in Poland is lost", "коли втрачено 1 антену кожного шлюзу (Польща)"),
    ("sites-off", {"sites": ["Wola", "Frankfurt"]}, "when Wola and Frankfurt fail",
     "коли відмовляють станції Wola та Frankfurt"),
    ("sites-off", {"countries": "POL"}, "when all sites on the ground in Poland fail",
     "коли втрачено всі наземні станції (Польща)"),
    ("sites-off", {"share": 0.2, "operator": "oneweb"}, "when a fifth of the sites on the ground of OneWeb fail",
     "коли втрачено п’яту частину наземних станцій мережі OneWeb"),
    ("sites-off", {"count": 3}, "when 3 sites on the ground fail", "коли втрачено 3 наземні станції"),
    ("sites-off", {"sites": ["Wola", "Bonn"], "count": 1}, "when 1 of the sites Wola and Bonn fails",
     "коли втрачено 1 станцію із таких: Wola та Bonn"),
    ("sites-off", {"sites": ["Wola", "Bonn"], "share": 0.5}, "when half of the sites Wola and Bonn fail",
     "коли втрачено половину станцій із таких: Wola та Bonn"),
    ("fibre-off", {"fibres": "Wola, POL - Warsaw, POL"}, "when the fibre Wola – Warsaw is cut",
     "коли обірвано волоконно-оптичну лінію Wola – Warsaw"),
    ("fibre-off", {"fibres": ["A - B", "C - D"]}, "when the fibres A – B and C – D are cut",
     "коли обірвано волоконно-оптичні лінії A – B та C – D"),
    ("fibre-off", {"sites": ["Wola"]}, "when all fibre to and from Wola is cut",
     "коли обірвано всі волоконно-оптичні лінії (Wola)"),
    ("fibre-off", {"share": 0.01}, "when a hundredth of the fibres are cut",
     "коли обірвано соту частину волоконно-оптичних ліній"),
    ("fibre-off", {"count": 2, "countries": "LTU"}, "when 2 fibres in Lithuania are cut",
     "коли обірвано 2 волоконно-оптичні лінії (Литва)"),
    ("service-limit", {"limit_bps": 2e6}, "when the operator limits what a terminal gets to 2\u202fMb/s",
     "коли оператор обмежує швидкість терміналів до 2\u202fМбіт/с"),
    ("service-off", {"groups": ["homes"], "near": {"place": [49.8, 24], "radius_km": 60}},
     "when the service is switched off for homes within 60 km of 49.80, 24.00",
     "коли послугу вимкнено для групи «homes» у радіусі 60 км (центр: 49,80; 24,00)"),
    ("service-off", {"strip": {"border": "UKR", "width_km": 20}},
     "when the service is switched off in a strip of 20 km", "коли послугу вимкнено у смузі завширшки 20 км"),
    ("listed-only", {"refused_share": 0.02},
     "when only terminals on a list are let in and 2\u202f% of them are refused by mistake",
     "коли послугу лишено тільки терміналам зі списку, а 2\u202f% із них відмовлено помилково"),
    ("core-off", {"operator": "starlink"}, "when the core of Starlink fails", "коли відмовляє ядро мережі Starlink"),
    ("core-off", {"left": 0.16}, "when the operator’s core fails and 16\u202f% of terminals keep service",
     "коли відмовляє ядро мережі оператора, а зв’язок зберігають 16\u202f% терміналів"),
    ("operator-off", {"operator": "starlink"}, "when Starlink is lost with satellites and sites",
     "коли зникає Starlink з усіма супутниками та станціями"),
    ("links-degraded", {"operator": "starlink", "capacity_share": 0.5, "min_elevation_deg": 40,
                        "latitude_deg": [55, 72]},
     "when radio links of Starlink at 55 to 72° north carry 50\u202f% of what they do and reach no lower than 40°",
     "коли радіолінії мережі Starlink у смузі 55–72° північної широти передають лише 50\u202f% звичного та не "
     "дістають нижче 40° над обрієм"),
    ("links-degraded", {"links": ["user", "laser"], "capacity_share": 0.5},
     "when user links and lasers carry 50\u202f% of what they do",
     "коли лінії користувачів та лазерні лінії передають лише 50\u202f% звичного"),
    ("links-degraded", {"links": "gateway", "min_elevation_deg": 40, "countries": "NOR"},
     "when gateway links in Norway reach no lower than 40°",
     "коли лінії шлюзів (Норвегія) не дістають нижче 40° над обрієм"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "target", "english", "ukrainian"), SAID)
def test_a_target_is_told_in_both_languages(kind: str, target: dict[str, object], english: str, ukrainian: str) -> None:
    event = Event("e", kind, NOW, NOW, target=target)
    assert targets.told(event, Words()) == english
    assert targets.told(event, Words("uk")) == ukrainian


def test_an_event_without_a_target_is_left_to_its_kind_and_so_is_what_results_tell() -> None:
    assert targets.told(Event("e", "satellites-off", NOW, NOW), Words()) is None
    assert targets.told(Event("e", "gateways-off", NOW, NOW, target={"count": 1}), Words()) is None
    assert targets.told(Event("e", "service-off", NOW, NOW, target={"countries": ["UKR"]}), Words()) is None


def test_every_word_about_targets_is_said_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    said: set[str] = set()
    say = Words.say

    def heard(self: Words, key: str, **values: str) -> str:
        said.add(key)
        return say(self, key, **values)

    monkeypatch.setattr(Words, "say", heard)
    for kind, target, *_ in SAID:
        targets.told(Event("e", kind, NOW, NOW, target=target), Words())
    # Two sentences in one are put together where causes are.
    assert TARGETS.keys() - said == {"told.both"}
