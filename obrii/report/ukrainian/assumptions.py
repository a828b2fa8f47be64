"""What the package takes for granted in every run, in Ukrainian, by its English text; and how values are written."""

from __future__ import annotations

#: Names of assumptions that no key of a scenario file sets.
KEYS: dict[str, str] = {
    "scenario": "сценарій",
    "fibre speed": "швидкість у волокні",
    "queueing": "черги",
    "every cell scheduled": "враховано кожну клітинку",
    "slots": "часові вікна",
    "antennas": "антени",
    "Earth": "Земля",
    "who is drawn": "кого обрано",
    "order of loss": "порядок втрат",
    "links that are degraded": "погіршені лінії",
    "beams of degraded links": "промені погіршених ліній",
    "share of terminals": "частка терміналів",
    "active share": "частка активних",
    "direction": "напрямок",
    "beams hop": "перемикання променів",
}

TEXTS: dict[str, str] = {
    "Frames and scheduling of the user link cost this much in every round trip.": (
        "Стільки коштують кадри й планування абонентської лінії за кожного проходження туди й назад."
    ),
    "Each satellite on the way costs this much, each way.": (
        "Стільки коштує кожен супутник на шляху, в кожному напрямку."
    ),
    "Fibre is longer than the great circle by this factor.": "У стільки разів волокно довше за дугу великого кола.",
    "Light in fibre is slower than in vacuum.": "Світло у волокні повільніше, ніж у вакуумі.",
    "Nobody waits in a queue: round trips are without queueing, which measurements are not.": (
        "Ніхто не чекає в черзі: затримки наведено без черг, а у вимірюваннях черги є."
    ),
    "Terminals use satellites at least this high above the horizon [deg].": (
        "Термінали користуються супутниками, що стоять над обрієм щонайменше на стільки градусів."
    ),
    "Gateways use satellites at least this high above the horizon [deg], unless a site has its own limit.": (
        "Шлюзи користуються супутниками, що стоять над обрієм щонайменше на стільки градусів, якщо станція не має "
        "власної межі."
    ),
    "Terminals keep this far from the geostationary arc [deg]; 0 takes no account of it.": (
        "На стільки градусів термінали тримаються від геостаціонарної дуги; 0 — дугу не враховано."
    ),
    "A satellite serves at most so many cells at a time.": "Супутник водночас обслуговує не більше стількох клітинок.",
    (
        "Every cell of the area takes its place on a satellite, with or without terminals: a dish may be switched on "
        "anywhere."
    ): (
        "Кожна клітинка території займає своє місце на супутнику, є в ній термінали чи немає: тарілку можуть увімкнути "
        "будь-де."
    ),
    (
        "Cells of served countries this far around the area compete for the same satellites and antennas, at a coarser "
        "resolution."
    ): (
        "Клітинки країн, де послугу надають, на такій відстані довкола території змагаються за ті самі супутники й "
        "антени; їхня сітка грубша."
    ),
    (
        "The schedule of a slot does not remember the one before: handovers are overstated, and the times that one "
        "satellite serves understated."
    ): (
        "Розклад часового вікна не пам’ятає попереднього: перемикань між супутниками показано забагато, а час, поки "
        "обслуговує один супутник, замалий."
    ),
    (
        "A cell keeps the satellite of the slot before while that has a live way and room, and the way is at most this "
        "much longer than the best, one way [ms]."
    ): (
        "Клітинка лишається на супутнику з попереднього часового вікна, поки він має робочий шлях і місце, а шлях "
        "довший за найкращий не більше ніж на стільки мілісекунд в один бік."
    ),
    (
        "How a cell chooses among satellites with room: the least whole path, or the highest, the most lasting or the "
        "least loaded among those whose path is not much longer."
    ): (
        "Як клітинка обирає серед супутників, що мають місце: найкоротший повний шлях або ж найвищий, найтриваліший чи "
        "найменш завантажений із тих, де шлях ненабагато довший."
    ),
    "So much longer than the best may the path be that a policy chooses, one way [ms].": (
        "На стільки мілісекунд в один бік обраний за цим правилом шлях може бути довшим за найкращий."
    ),
    "A gateway whose antennas nobody counted has as many as a typical site.": (
        "Шлюз, антен якого ніхто не порахував, має їх стільки, скільки типова станція."
    ),
    "The Earth turns by mean sidereal time alone: UT1 is taken as UTC.": (
        "Земля обертається лише за середнім зоряним часом: UT1 прийнято за UTC."
    ),
    "In the case “{variant}” this is {value} instead of {usual}.": "У варіанті «{variant}» це {value} замість {usual}.",
    # Events.
    "Satellites are so old when launches end, evenly, as after launches at a steady rate.": (
        "Стільки років супутникам, коли запуски припиняються: порівну кожного віку, як після рівномірних запусків."
    ),
    "So many of the satellites that are alive fail, whatever their age.": (
        "Така частка справних супутників відмовляє незалежно від віку."
    ),
    "At these ages satellites are brought down, evenly.": (
        "У такому віці супутники зводять з орбіти, рівномірно впродовж цього проміжку."
    ),
    "Of several events that degrade a link the smallest share and the highest mask hold.": (
        "Якщо лінію погіршують кілька подій, діють найменша частка та найвища межа над обрієм."
    ),
    "A satellite spreads its beams evenly over its cells: together they carry the mean of what is left to these.": (
        "Супутник ділить промені між своїми клітинками порівну: разом вони передають середнє з того, що лишилося "
        "клітинкам."
    ),
    "A storm brings down a satellite with this chance by its altitude, evenly in between.": (
        "З такою ймовірністю, залежно від висоти, буря губить супутник; між цими висотами вона змінюється рівномірно."
    ),
    "Where an operator is newly licensed every cell takes a beam, and only terminals of the scenario stand there.": (
        "Де оператор щойно отримав ліцензію, кожна клітинка займає промінь, а термінали там лише ті, що є у сценарії."
    ),
    "Where an event says how many, or by what chance, who is lost is drawn, each regardless of its neighbours.": (
        "Якщо для події задано лише кількість або ймовірність, втрачених обирає жереб, кожного незалежно від сусідів."
    ),
    "Who is lost first while an event comes, and restored last after it, is drawn.": (
        "Кого втрачено першим, поки подія наростає, і відновлено останнім після неї, вирішує жереб."
    ),
    "A share of terminals is that share of a group in every cell: what a draw gives on average.": (
        "Частка терміналів — це така частка групи в кожній клітинці: те, що жереб дає в середньому."
    ),
    # Rates.
    "An active terminal uses at most this.": "Активний термінал використовує не більше ніж стільки.",
    "In the mean of its busiest hour a terminal asks for this.": (
        "Стільки термінал запитує в середньому за свою найзавантаженішу годину."
    ),
    "A connection of less than this is not counted as of use.": ("Зв’язок, повільніший за це, не вважається корисним."),
    ("So many of the terminals are active at once in their busiest hour, each at its peak; the others ask nothing."): (
        "Така частка терміналів активна водночас у найзавантаженішу годину, кожен на своїй найбільшій швидкості; решта "
        "не запитує нічого."
    ),
    "Demand follows the hour of the day by the sun where a terminal stands.": (
        "Попит залежить від години доби за сонцем там, де стоїть термінал."
    ),
    "The terminals of this group are given what they ask before others are given anything.": (
        "Термінали цієї групи отримують те, що запитують, раніше, ніж щось дістається іншим."
    ),
    "Rates are of traffic to the users; what they send is not computed.": (
        "Швидкості стосуються трафіку до користувачів; те, що вони надсилають, не розраховано."
    ),
    ("Beams of a satellite are shared among its cells without loss; only what a cell and a satellite carry limits."): (
        "Промені супутника розподіляються між його клітинками без втрат; обмежує лише те, що може передати клітинка та "
        "супутник."
    ),
    "Around the area nobody asks for anything.": "Довкола території ніхто нічого не запитує.",
    "Around the area nobody asks {operator} for anything.": "Довкола території в {operator} ніхто нічого не запитує.",
    (
        "Terminals of the countries around compete with those of the area; those of a country stand as its people do, "
        "and countries without a figure share the rest of the world's by people."
    ): (
        "Термінали країн довкола змагаються з терміналами території; у країні вони розташовані так, як живуть люди, а "
        "країни, для яких числа немає, ділять решту світових за кількістю людей."
    ),
    "Nothing limits the rates of its satellites: it has no payload.": (
        "Швидкостей його супутників ніщо не обмежує: корисного навантаження не задано."
    ),
    "Beams that a satellite has down to its users.": "Скільки променів супутник має до своїх користувачів.",
    "Cells that a beam serves in turn.": "Скільки клітинок промінь обслуговує по черзі.",
    "Channels of the band to users.": "Скільки каналів має смуга до користувачів.",
    "Polarisations of each channel.": "Скільки поляризацій має кожен канал.",
    "Neighbouring cells that share the channels and polarisations among them.": (
        "Скільки сусідніх клітинок ділять між собою канали та поляризації."
    ),
    "Beams on one cell at once, at most.": "Скільки щонайбільше променів водночас спрямовано на одну клітинку.",
    "What one beam carries.": "Скільки передає один промінь.",
    "What all beams of a satellite carry.": "Скільки передають усі промені супутника разом.",
    "What one antenna of a gateway sends up to a satellite.": "Скільки одна антена шлюзу передає вгору на супутник.",
    "What a laser carries, each way.": "Скільки передає лазерна лінія в кожному напрямку.",
}

#: Values in words; all else is numbers with units, and what a scenario file says.
VALUES: dict[str, str] = {
    "none": "немає",
    "nothing": "нічого",
    "yes": "так",
    "independent": "незалежні",
    "to the users": "до користувачів",
    "within a slot": "у межах вікна",
    "in every cell": "у кожній клітинці",
    "all of them": "усі",
    "evenly": "порівну",
    "do not multiply": "не перемножуються",
    "seed {seed}": "початкове число {seed}",
    "{first}, {rest}": "{first}, {rest}",
    "{share} at {altitude}": "{share} на {altitude}",
    "{share} a day": "{share} на добу",
    "{first} to {last} years": "{first}–{last} років",
    "{first} or {second}": "{first} або {second}",
    "{operator} none": "{operator}: немає",
    "{operator} by table {table}": "{operator}: за таблицею {table}",
}

#: Units after a number.
UNITS = {
    "ms": "мс", "km": "км", "m": "м", "deg": "°", "Gb/s": "Гбіт/с", "Mb/s": "Мбіт/с", "kb/s": "кбіт/с",
    "bit/s": "біт/с", "%": "%",
}  # fmt: skip
