"""Where the numbers of every run come from, in Ukrainian, by its English text: titles of works stay as they are."""

from __future__ import annotations

SOURCES: dict[str, str] = {
    "assumption": "припущення",
    "the scenario": "сценарій",
    "press": "преса",
    # What comes from where.
    "places and people": "населені пункти та кількість людей",
    "outlines": "обриси",
    "cells": "клітинки",
    "satellites of {operator}: {title}": "супутники {operator}: {title}",
    "satellites of {operator}": "супутники {operator}",
    "sites of {operator}": "станції {operator}",
    "payload of {operator}: {title}": "корисне навантаження {operator}: {title}",
    "terminals of {operator} by country": "термінали {operator} за країнами",
    "GeoNames (geonames.org), CC BY 4.0; published totals of regions": (
        "GeoNames (geonames.org), CC BY 4.0; опубліковані підсумки за областями"
    ),
    "Natural Earth, public domain, with Crimea in Ukraine (UN GA 68/262)": (
        "Natural Earth, суспільне надбання, із Кримом у складі України (резолюція ГА ООН 68/262)"
    ),
    "H3, a hierarchical hexagonal grid (Uber Technologies, Apache-2.0)": (
        "H3, ієрархічна шестикутна сітка (Uber Technologies, Apache-2.0)"
    ),
    (
        "statements of the operator, regulators, press; {some} of {all} figures from memory: assumption "
        "(docs/ground-data.md)"
    ): "заяви оператора, регулятори, преса; {some} із {all} чисел наведено з пам’яті: припущення (docs/ground-data.md)",
    # Constellations and sites.
    "Starlink as it flew on 2022-09-14: 2,471 satellites of 3,023 held their places": (
        "Starlink, яким він літав 14 вересня 2022 року: 2\u202f471 супутник із 3\u202f023 тримав своє місце"
    ),
    "Starlink as it flew on 2026-05-30: 8,701 satellites of 10,395 held their places": (
        "Starlink, яким він літав 30 травня 2026 року: 8\u202f701 супутник із 10\u202f395 тримав своє місце"
    ),
    "Starlink Gen1 as licensed: 4,408 satellites in five shells": (
        "Starlink Gen1, як ліцензовано: 4\u202f408 супутників у п’яти оболонках"
    ),
    "Starlink Gen2 as licensed in 2022: 7,476 of 7,500 satellites in three shells": (
        "Starlink Gen2, як ліцензовано 2022 року: 7\u202f476 із 7\u202f500 супутників у трьох оболонках"
    ),
    "OneWeb as licensed in 2017: 720 satellites in 18 polar planes": (
        "OneWeb, як ліцензовано 2017 року: 720 супутників у 18 полярних площинах"
    ),
    "OneWeb as it flew in 2025: 588 satellites in 12 polar planes": (
        "OneWeb, яким він літав 2025 року: 588 супутників у 12 полярних площинах"
    ),
    "Kuiper as licensed: 3,236 satellites in three shells": (
        "Kuiper, як ліцензовано: 3\u202f236 супутників у трьох оболонках"
    ),
    "Telesat Lightspeed as filed in 2020: 1,671 satellites in two shells": (
        "Telesat Lightspeed, як заявлено 2020 року: 1\u202f671 супутник у двох оболонках"
    ),
    "Iridium NEXT: 66 satellites in six polar planes": "Iridium NEXT: 66 супутників у шести полярних площинах",
    (
        "CelesTrak catalogue of 2022-09-14; measured: node and argument of latitude of every satellite carried to one "
        "instant by SGP4, then planes, slots and phase factor by circular statistics"
    ): (
        "каталог CelesTrak від 14 вересня 2022 року; виміряно: вузол і аргумент широти кожного супутника зведено до "
        "однієї миті за SGP4, далі площини, місця та фазовий множник за круговою статистикою"
    ),
    (
        "CelesTrak catalogue of 2026-05-30; measured: node and argument of latitude of every satellite carried to one "
        "instant by SGP4, then shells, planes, slots and phase factor by likelihood (obrii.orbits.lattices)"
    ): (
        "каталог CelesTrak від 30 травня 2026 року; виміряно: вузол і аргумент широти кожного супутника зведено до "
        "однієї миті за SGP4, далі оболонки, площини, місця та фазовий множник за правдоподібністю "
        "(obrii.orbits.lattices)"
    ),
    "{filing}; planes, satellites, altitude, inclination": "{filing}; площини, супутники, висота, нахил",
    (
        "FCC SAT-MPL-20200526-00053 (May 2020); planes, satellites, altitude, inclination as Hypatia and StarPerf give "
        "them"
    ): (
        "FCC SAT-MPL-20200526-00053 (травень 2020 року); площини, супутники, висота, нахил, як їх наводять Hypatia та "
        "StarPerf"
    ),
    "FCC 21-48 (April 2021), SAT-MOD-20200417-00037": "FCC 21-48 (квітень 2021 року), SAT-MOD-20200417-00037",
    "FCC 20-102 (July 2020), SAT-LOA-20190704-00057": "FCC 20-102 (липень 2020 року), SAT-LOA-20190704-00057",
    (
        "FCC 22-91 (December 2022), SAT-LOA-20200526-00055, SAT-AMD-20210818-00105, in part: satellites, altitude, "
        "inclination"
    ): (
        "FCC 22-91 (грудень 2022 року), SAT-LOA-20200526-00055, SAT-AMD-20210818-00105, частково: супутники, висота, "
        "нахил"
    ),
    (
        "FCC 17-77 (June 2017), SAT-LOI-20160428-00041; as in del Portillo, Cameron, Crawley, Acta Astronautica 159 "
        "(2019)"
    ): (
        "FCC 17-77 (червень 2017 року), SAT-LOI-20160428-00041; як у del Portillo, Cameron, Crawley, Acta Astronautica "
        "159 (2019)"
    ),
    (
        "12 planes of 49 at 1,200 km and 87.9 degrees: the operator's figures as in kusat.com; a catalogue of "
        "2026-08-22 agrees"
    ): (
        "12 площин по 49 на висоті 1\u202f200 км із нахилом 87,9°: числа оператора, наведені на kusat.com; каталог від "
        "22 серпня 2026 року з ними згоден"
    ),
    (
        "Planes and satellites: table of the working satellites, SeeSat-L, October 1999; altitude, inclination: "
        "CelesTrak catalogue of 2026-08-22"
    ): (
        "площини та супутники: таблиця робочих супутників, SeeSat-L, жовтень 1999 року; висота, нахил: каталог "
        "CelesTrak від 22 серпня 2026 року"
    ),
    "Starlink, the community's map of October 2023: sites live, presumed live, built or granted": (
        "Starlink, карта спільноти за жовтень 2023 року: станції, що працюють, імовірно працюють, збудовані або "
        "дозволені"
    ),
    "Starlink, lists of March and April 2026: sites with antennas built, or that work by a list": (
        "Starlink, списки за березень і квітень 2026 року: станції, де збудовано антени або які за списком працюють"
    ),
    "OneWeb, gateways and points of presence published in 2025": (
        "OneWeb, шлюзи та точки присутності, опубліковані 2025 року"
    ),
    # Delays, sight and the schedule.
    "FCC 21-48 for Starlink; else the scenario": "FCC 21-48 для Starlink; для інших сценарій",
    "filings for Starlink name 22 deg for users and 18 for gateways (secondary sources)": (
        "у заявках Starlink названо 22° для користувачів і 18° для шлюзів (вторинні джерела)"
    ),
    "wrong by less than 50 m (IERS Bulletin A)": "похибка менша ніж 50 м (IERS Bulletin A)",
    "assumption: what measured minima exceed geometry by, LENS, October 2024": (
        "припущення: на стільки виміряні мінімуми перевищують геометрію, LENS, жовтень 2024 року"
    ),
    "assumption: the field's usual 2c/3": "припущення: звичні в цій галузі 2c/3",
    "assumption: 16 beams, 8 cells in turn": "припущення: 16 променів, по черзі 8 клітинок",
    "assumption: beams of its payload x cells that each serves in turn": (
        "припущення: промені корисного навантаження, помножені на клітинки, які кожен обслуговує по черзі"
    ),
    "assumption: two footprints": "припущення: дві зони покриття супутника",
    "assumption: operators do not publish how they choose": "припущення: оператори не публікують, як обирають",
    "assumption: ranges under one satellite at 550 km differ by 1.9 ms": (
        "припущення: відстані до одного супутника на висоті 550 км різняться на 1,9 мс"
    ),
    "assumption: typical site of the community map of 2023-10-10": (
        "припущення: типова станція з карти спільноти від 10 жовтня 2023 року"
    ),
    # Events.
    "assumption: 1.1 of 8,600; one or two a day came down in 2025 (J. McDowell, EarthSky, October 2025)": (
        "припущення: 1,1 із 8\u202f600; 2025 року щодоби падали один або два (J. McDowell, EarthSky, жовтень 2025 року)"
    ),
    "assumption: five years, for which they are built, and one more or less": (
        "припущення: п’ять років, на які їх розраховано, плюс-мінус один"
    ),
    ("38 of 49 at 210 km, February 2022 (Kataoka et al., J. Space Weather Space Clim. 12, 2022); higher: assumption"): (
        "38 із 49 на висоті 210 км у лютому 2022 року (Kataoka et al., J. Space Weather Space Clim. 12, 2022); вище: "
        "припущення"
    ),
    # Demand.
    ("assumption: what one download fills, below the median of measured downloads, some 200 Mb/s (operator, 2025)"): (
        "припущення: стільки займає одне завантаження, менше за медіану виміряних завантажень, близько 200 Мбіт/с "
        "(оператор, 2025)"
    ),
    (
        "assumption: 587 GB a month and subscriber (OpenVault, United States, end of 2022) with 7 % of a day in its "
        "busiest hour are 3 Mb/s; more since"
    ): (
        "припущення: 587 ГБ на місяць і абонента (OpenVault, США, кінець 2022 року), із них 7\u202f% доби в "
        "найзавантаженішу годину, — це 3 Мбіт/с; відтоді більше"
    ),
    "assumption: one film in high quality": "припущення: один фільм у високій якості",
    "the same all day": "однаковий увесь день",
    "assumption: downloads are the most of it": "припущення: завантаження становлять більшу частину трафіку",
    "McNaughton, Management Science 6 (1959); assumption: no time is lost in hopping": (
        "McNaughton, Management Science 6 (1959); припущення: на перемикання час не втрачається"
    ),
    "assumption: no table of its terminals by country ships": (
        "припущення: таблиці його терміналів за країнами в пакеті немає"
    ),
    "assumption: figures scaled to the start of the run; see sources": (
        "припущення: числа приведено до початку розрахунку; див. джерела"
    ),
}
