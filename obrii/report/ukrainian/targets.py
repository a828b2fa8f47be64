"""What an event takes, in Ukrainian, by what it is aimed at; a part of something stands in the accusative."""

from __future__ import annotations

TARGETS: dict[str, str] = {
    "told.both": "{first} і {second}",
    "told.service": "коли послугу вимкнено{whom}{where}",
    "told.strip": " у смузі завширшки {width} км",
    "told.whom": " для групи «{groups}»",
    "told.limit": "коли оператор обмежує швидкість терміналів до {rate}{whom}",
    "told.listed": "коли послугу лишено тільки терміналам зі списку, а {refused} із них відмовлено помилково",
    "told.core": "коли відмовляє {core}",
    "told.core.left": "коли відмовляє {core}, а зв’язок зберігають {left} терміналів",
    "told.core.of": "ядро мережі {operators}",
    "told.core.any": "ядро мережі оператора",
    "told.operator": "коли {count:зникає|зникають|зникають} {operators} з усіма супутниками та станціями",
    "told.satellites": "коли втрачено всі супутники{of}{where}",
    "told.satellites.count": "коли втрачено {count} {count:супутник|супутники|супутників}{of}{where}",
    "told.satellites.share": "коли втрачено {part} супутників{of}{where}",
    "told.plane": "коли втрачено одну орбітальну площину{of}{where}",
    "told.planes": "коли втрачено {count} {count:орбітальну площину|орбітальні площини|орбітальних площин}{of}{where}",
    "told.loaded": (
        "коли втрачено {count} {count:найбільш навантажений супутник|найбільш навантажені супутники|найбільш "
        "навантажених супутників}{of}"
    ),
    "told.loaded.one": "коли втрачено найбільш навантажений супутник{of}",
    "told.central": (
        "коли втрачено {count} {count:супутник|супутники|супутників}{of}, через які проходить найбільше шляхів"
    ),
    "told.central.one": "коли втрачено супутник{of}, через який проходить найбільше шляхів",
    "told.storm": "коли супутники{of} падають через геомагнітну бурю",
    "told.ageing": "коли нових супутників{of} більше не запускають",
    "told.degraded": "коли {links}{of}{where} {effects}",
    "told.links.user": "лінії користувачів",
    "told.links.gateway": "лінії шлюзів",
    "told.links.laser": "лазерні лінії",
    "told.links.radio": "радіолінії",
    "told.carry": "передають лише {share} звичного",
    "told.mask": "не дістають нижче {mask}° над обрієм",
    "told.lasers": "коли вимкнено лазерні лінії між супутниками{of}",
    "told.lasers.share": "коли вимкнено {part} лазерних ліній між супутниками{of}",
    "told.lasers.count": "коли вимкнено {count} {count:лазерну лінію|лазерні лінії|лазерних ліній} між супутниками{of}",
    "told.cross": "коли вимкнено лазерні лінії між площинами{of}",
    "told.cross.share": "коли вимкнено {part} лазерних ліній між площинами{of}",
    "told.cross.count": "коли вимкнено {count} {count:лазерну лінію|лазерні лінії|лазерних ліній} між площинами{of}",
    "told.antennas": "коли втрачено всі антени шлюзів{of}{where}",
    "told.antennas.named": "коли втрачено всі антени {number:шлюзу|шлюзів|шлюзів} {sites}",
    "told.antennas.share": "коли втрачено {part} антен шлюзів{of}{where}",
    "told.antennas.share.named": "коли втрачено {part} антен {number:шлюзу|шлюзів|шлюзів} {sites}",
    "told.antennas.count": "коли втрачено {count} {count:антену|антени|антен} кожного шлюзу{of}{where}",
    "told.antennas.count.named": (
        "коли втрачено {count} {count:антену|антени|антен} {each}{number:шлюзу|шлюзів|шлюзів} {sites}"
    ),
    "told.antennas.each": "кожного зі ",
    "told.sites": "коли втрачено всі наземні станції{of}{where}",
    "told.sites.named": "коли {number:відмовляє станція|відмовляють станції|відмовляють станції} {sites}",
    "told.sites.share": "коли втрачено {part} наземних станцій{of}{where}",
    "told.sites.share.named": "коли втрачено {part} станцій із таких: {sites}",
    "told.sites.count": "коли втрачено {count} {count:наземну станцію|наземні станції|наземних станцій}{of}{where}",
    "told.sites.count.named": "коли втрачено {count} {count:станцію|станції|станцій} із таких: {sites}",
    "told.fibre": "коли обірвано всі волоконно-оптичні лінії{of}{where}",
    "told.fibre.named": (
        "коли обірвано {number:волоконно-оптичну лінію|волоконно-оптичні лінії|волоконно-оптичні лінії} {fibres}"
    ),
    "told.fibre.share": "коли обірвано {part} волоконно-оптичних ліній{of}{where}",
    "told.fibre.count": (
        "коли обірвано {count} {count:волоконно-оптичну лінію|волоконно-оптичні лінії|волоконно-оптичних "
        "ліній}{of}{where}"
    ),
    "told.to": " ({sites})",
    "told.in": " ({countries})",
    "told.of.shell": " {count:оболонки|оболонок|оболонок} {names}",
    "told.of.generation": " {count:покоління|поколінь|поколінь} {names}",
    "told.of.operator": " мережі {names}",
    "told.of.operators": " мереж {names}",
    "told.over.band": " над смугою {band}",
    "told.on.band": " у смузі {band}",
    "told.over.disc": " над кругом радіусом {radius} км (центр: {place})",
    "told.on.disc": " у радіусі {radius} км (центр: {place})",
    "told.band.north": "{low}–{high}° північної широти",
    "told.band.south": "{low}–{high}° південної широти",
    "told.band.both": "від {low}° південної до {high}° північної широти",
    "told.point": "{latitude}; {longitude}",
    "told.height": " на висоті {low}–{high} км",
    "part.2": "половину",
    "part.3": "третину",
    "part.4": "чверть",
    "part.5": "п’яту частину",
    "part.10": "десяту частину",
    "part.20": "двадцяту частину",
    "part.100": "соту частину",
}
