"""Where the numbers of payloads come from, in Ukrainian, by its English text."""

from __future__ import annotations

_PEKHTEREV = "Pekhterev, SatMagazine, листопад 2021 року"

PAYLOADS: dict[str, str] = {
    "Starlink v1.5: 16 beams, 20.2 Gb/s": "Starlink v1.5: 16 променів, 20,2 Гбіт/с",
    "Starlink V2 mini: 96 Gb/s": "Starlink V2 mini: 96 Гбіт/с",
    "OneWeb: 16 fixed beams, 7.2 Gb/s": "OneWeb: 16 нерухомих променів, 7,2 Гбіт/с",
    "Kuiper: nothing published, taken as half a Starlink V2 mini": (
        "Kuiper: нічого не опубліковано, узято половину Starlink V2 mini"
    ),
    "Telesat Lightspeed: beams that hop, some 10 Gb/s taken": (
        "Telesat Lightspeed: промені, що перемикаються, узято близько 10 Гбіт/с"
    ),
    "nothing published: assumption": "нічого не опубліковано: припущення",
    "nothing published of a satellite's rates: assumption": (
        "про швидкості супутника нічого не опубліковано: припущення"
    ),
    # Starlink v1.5.
    "Pekhterev, SatMagazine, November 2021": _PEKHTEREV,
    "Pekhterev, SatMagazine, November 2021; cells a beam, reuse and the feeder are assumptions": (
        f"{_PEKHTEREV}; клітинки на промінь, повторне використання й фідерна лінія — припущення"
    ),
    "Pekhterev, SatMagazine, November 2021: eight beams of 240 MHz in each of two polarisations": (
        f"{_PEKHTEREV}: вісім променів по 240 МГц у кожній із двох поляризацій"
    ),
    "Pekhterev, SatMagazine, November 2021: eight of 240 MHz": f"{_PEKHTEREV}: вісім по 240 МГц",
    "assumption, so that a cell has eight beams at most: Puchol, bufferbloat list, 2022-08-30": (
        "припущення, щоб клітинка мала щонайбільше вісім променів: Puchol, розсилка bufferbloat, 30 серпня 2022 року"
    ),
    "Puchol, bufferbloat list, 2022-08-30: up to eight, by channels and reuse": (
        "Puchol, розсилка bufferbloat, 30 серпня 2022 року: до восьми, за каналами та повторним використанням"
    ),
    "a sixteenth of the satellite's; 5.3 bit/s/Hz in 240 MHz": (
        "шістнадцята частина швидкості супутника; 5,3 біт/с/Гц у 240 МГц"
    ),
    "20.2 Gb/s, an upper bound: Pekhterev, SatMagazine, November 2021; the press has 17 to 23": (
        f"20,2 Гбіт/с, верхня межа: {_PEKHTEREV}; у пресі від 17 до 23"
    ),
    "assumption: Ka band, 2.1 GHz (filings of gateways) in two polarisations at 4.5 bit/s/Hz": (
        "припущення: Ka-діапазон, 2,1 ГГц (заявки на шлюзи) у двох поляризаціях по 4,5 біт/с/Гц"
    ),
    "100 Gb/s sustained: Brashears, SPIE, January 2024": "100 Гбіт/с тривало: Brashears, SPIE, січень 2024 року",
    # Starlink V2 mini.
    "96 Gb/s: press": "96 Гбіт/с: преса",
    "96 Gb/s: press; all else is an assumption": "96 Гбіт/с: преса; решта — припущення",
    "assumption: as many beams of 1.2 Gb/s as make 96 Gb/s": (
        "припущення: стільки променів по 1,2 Гбіт/с, щоб вийшло 96 Гбіт/с"
    ),
    "assumption: as v1.5": "припущення: як у v1.5",
    "assumption: as v1.5, by channels and reuse": "припущення: як у v1.5, за каналами та повторним використанням",
    "assumption: 240 MHz at 5 bit/s/Hz": "припущення: 240 МГц по 5 біт/с/Гц",
    "assumption: E band, 5 GHz (filings) in two polarisations at 3 bit/s/Hz; 20 to 40 Gb/s for 2 to 4": (
        "припущення: E-діапазон, 5 ГГц (заявки) у двох поляризаціях по 3 біт/с/Гц; від 20 до 40 Гбіт/с за 2–4"
    ),
    # OneWeb.
    "16 beams, 450 Mb/s each, 7.2 Gb/s: press; all else is an assumption": (
        "16 променів по 450 Мбіт/с, 7,2 Гбіт/с: преса; решта — припущення"
    ),
    "press: 16 fixed beams in Ku band": "преса: 16 нерухомих променів у Ku-діапазоні",
    "assumption: a strip of 1,600 by 65 km (press) holds 400 cells of 253 km2": (
        "припущення: смуга 1\u202f600 на 65 км (преса) вміщує 400 клітинок по 253 км²"
    ),
    "assumption: sixteen beams told apart by eight channels of 250 MHz and two polarisations": (
        "припущення: шістнадцять променів розрізняють вісьмома каналами по 250 МГц і двома поляризаціями"
    ),
    "assumption: one fixed beam a cell": "припущення: один нерухомий промінь на клітинку",
    "450 Mb/s forward: press": "450 Мбіт/с до користувачів: преса",
    "7.2 Gb/s: press": "7,2 Гбіт/с: преса",
    "assumption: a gateway's antenna carries what the satellite's beams do": (
        "припущення: антена шлюзу передає стільки, скільки промені супутника"
    ),
    "no satellite has a laser; assumption where a scenario gives it some": (
        "жоден супутник не має лазера; припущення там, де сценарій їх дає"
    ),
    # Kuiper and Telesat.
    "assumption: half those of a Starlink V2 mini": "припущення: половина від Starlink V2 mini",
    "assumption: as Starlink": "припущення: як у Starlink",
    "assumption: Starlink's": "припущення: як у Starlink",
    "assumption: as Starlink, by channels and reuse": (
        "припущення: як у Starlink, за каналами та повторним використанням"
    ),
    "assumption: 48 Gb/s, all beams together": "припущення: 48 Гбіт/с, усі промені разом",
    "assumption: Ka band, 2.1 GHz in two polarisations at 4.5 bit/s/Hz": (
        "припущення: Ka-діапазон, 2,1 ГГц у двох поляризаціях по 4,5 біт/с/Гц"
    ),
    "100 Gb/s: the operator's announcement of December 2023, from memory: assumption": (
        "100 Гбіт/с: оголошення оператора в грудні 2023 року, з пам’яті: припущення"
    ),
    "assumption: 24 at once, that hop from cell to cell": (
        "припущення: водночас 24, що перемикаються з клітинки на клітинку"
    ),
    "assumption: by channels and reuse": "припущення: за каналами та повторним використанням",
    "assumption: what it processes on board": "припущення: стільки він обробляє на борту",
    "assumption: as much as the satellite processes": "припущення: стільки, скільки обробляє супутник",
    "10 Gb/s, of filings, from memory: assumption": "10 Гбіт/с, із заявок, з пам’яті: припущення",
    # What a scenario leaves out.
    "assumption: channels x polarisations / reuse": "припущення: канали × поляризації / повторне використання",
    "assumption: all its beams at once": "припущення: усі його промені водночас",
}
