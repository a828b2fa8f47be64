"""What the page says in Ukrainian of every case against everything working, place by place, and of added terminals."""

from __future__ import annotations

COMPARED: dict[str, str] = {
    # Added terminals on maps and over time.
    "legend.added": "додані термінали зі зв’язком; де крапки торкаються, їх не менше, ніж мало зв’язок без події",
    "time.text.added": "Зелене: додані термінали зі зв’язком; частина втраченого, яку вони заповнили б своїм числом.",
    "time.added": "додано {served} ({share})",
    # Every case against everything working.
    "compared.title.loss": "Хто що втрачає, місце за місцем",
    "compared.title.changes": "Що змінюється в кожному місці",
    "compared.title.gaps": "Як часто зв’язок обривається і на скільки, місце за місцем",
    "compared.title.delay": "Чий шлях довшає, місце за місцем",
    "compared.text": (
        "Кожен варіант порівняно з тим, коли все працює, за врахований для нього час; стрілка веде від того, коли все "
        "працює, до варіанта. Сіре: без змін."
    ),
    "compared.sides": "До і після",
    "compared.sides.text": (
        "До: усе працює. Після: варіант. Обидва за врахований для варіанта час. Місце враховує свої термінали, а де їх "
        "немає — людей. Затримка, що змінюється менше ніж на {delay}, і швидкість, що змінюється менше ніж на "
        "{rate}, — без змін."
    ),
    "compared.same": "Однаково в усіх варіантах: {said}.",
    "compared.places": "Які місця змінюються найбільше, варіант за варіантом",
    "compared.lost": "Втрачено зв’язку",
    "compared.gained": "Здобуто зв’язку",
    "compared.minutes": "Хвилин без зв’язку, у середньому",
    "compared.longest": "Найдовша перерва",
    "compared.gaps": "Перерв, у середньому",
    "compared.slower": "Повільніше в півтора раза",
    "compared.rtt": "Затримка тих самих, мс",
    "compared.factor": "× {factor}",
    "compared.rate": "Збережено швидкості",
    "compared.capacity": "Збережено пропускної здатності",
    "compared.degraded": "Погіршено",
    "compared.took": "Хто перебрав",
    "compared.restored": "Що повернуто з утраченого",
    "compared.restored.text": "{restored} відновлено",
    "compared.restored.more": "{added} додано",
    "compared.restored.define": (
        "Відновлено: те, що забирає втрата і що засіб обслуговує знову, термінал за терміналом, від усього "
        "втраченого; на смужці темне. Додано: інші термінали, які обслуговує засіб, від усього втраченого; понад "
        "100\u202f%, якщо їх більше."
    ),
    "compared.restored.of": "від утраченого у варіанті «{loss}»",
    # What neighbours feel, and what a place feels most.
    "compared.neighbours": "Що відчувають сусіди",
    "compared.neighbour": "{name}: {what}",
    "compared.neighbours.more": "ще щось змінюється в інших країнах, їх {count}",
    "compared.neighbours.named": "{names}: без змін",
    "compared.neighbours.quiet": "без змін в інших країнах, їх {count}",
    "compared.felt.lost": "втрачено {value} зв’язку",
    "compared.felt.gained": "здобуто {value} зв’язку",
    "compared.felt.minutes": "{value}\u00a0хв без зв’язку",
    "compared.felt.longest": "найдовша перерва {value}",
    "compared.felt.gaps": "перерв: {value}",
    "compared.felt.slower": "{value} повільніше в півтора раза",
    "compared.felt.rtt": "затримка {value}\u00a0мс",
    "compared.felt.rate": "швидкість {value} від попередньої",
    "compared.felt.degraded": "погіршено: {value}",
    # Places of a case.
    "compared.countries": "Країни",
    "compared.regions": "Області",
    "compared.towns": "Міста",
    "compared.groups": "Групи терміналів",
    "compared.more": "Ще {count} {count:місце змінюється|місця змінюються|місць змінюються} менше.",
    "compared.quiet": "Без змін: {names}.",
    "compared.headline": "{said}.",
    "compared.headline.between": "від {least} до {most}",
    "compared.headline.all": "Усюди: {what}.",
    "compared.headline.nothing": "Ніде нічого не змінюється.",
    "compared.headline.quiet": "{names}: без змін.",
    "compared.headline.countries": "Без змін у {count} {count:країні|країнах|країнах}.",
    "compared.headline.regions": "Без змін у {count} {count:області|областях|областях}.",
    "compared.headline.towns": "Без змін у {count} {count:місті|містах|містах}.",
    "compared.absent": (
        "Що змінюється в кожному місці, варіант за варіантом, цей розрахунок не містить: виконайте його знову цією "
        "версією або запитайте obrii compare DIR."
    ),
    "compared.all": "Усі місця в усіх варіантах",
}
