"""What every number of a comparison is, in Ukrainian, by its English text."""

from __future__ import annotations

COLUMNS: dict[str, str] = {
    # What all of them have in common.
    "The variant that is compared with: intact, where nothing else is named.": (
        "Варіант, з яким порівняно: «усе працює», якщо не названо іншого."
    ),
    "The variant that is looked at.": "Варіант, який розглянуто.",
    (
        "The steps that count: those that start while an event of the variant after takes something away, until all of "
        "it is restored; where it only adds, while that acts; the whole run where no event does. Means, shares, gaps "
        "and delays are over these steps alone, on both sides."
    ): (
        "Кроки, які враховано: ті, що починаються, поки подія варіанта «після» щось забирає, доки все не відновлено; "
        "якщо варіант лише додає — поки діє додане; якщо не діє нічого — весь розрахунок. Середні, частки, перерви та "
        "затримки взято лише за цими кроками, в обох варіантах."
    ),
    "A place counts its terminals; its people where it has no terminals; its cells alike where it has neither.": (
        "Місце враховує свої термінали; якщо їх немає — людей; якщо немає ні тих, ні тих — клітинки, усі однаково."
    ),
    "of use": "корисно",
    "{rate} Mb/s, as traffic.usable_bps of the scenario says.": (
        "{rate}\u202fМбіт/с, як задано в traffic.usable_bps сценарію."
    ),
    # Places.
    "Country, ISO 3166-1 alpha-3.": "Країна, ISO 3166-1 alpha-3.",
    "Region, ISO 3166-2.": "Область, ISO 3166-2.",
    "Name of the country or region in English.": "Назва країни чи області англійською.",
    "Its name in Ukrainian.": "Її назва українською.",
    "Town; its numbers are those of its cell.": "Місто; його числа — це числа його клітинки.",
    "Group of terminals.": "Група терміналів.",
    "Hexagon of H3: a whole number in Parquet, hexadecimal digits elsewhere.": (
        "Шестикутник H3: ціле число в Parquet, шістнадцяткові цифри деінде."
    ),
    "Latitude of the centre of the cell.": "Широта центра клітинки.",
    "Longitude of the centre of the cell.": "Довгота центра клітинки.",
    "What carries: operator, gateway or PoP.": "Хто обслуговує: оператор, шлюз чи точка присутності.",
    "Variant that may restore the loss.": "Варіант, який може відновити втрачене.",
    # What changes.
    "People who live there.": "Люди, які там живуть.",
    "Terminals in the field before, in the mean of the measured time.": (
        "Термінали на місцях у варіанті «до», у середньому за врахований час."
    ),
    "Terminals in the field after, in the mean of the measured time.": (
        "Термінали на місцях у варіанті «після», у середньому за врахований час."
    ),
    "Terminals with service before and without it after in the same step, mean.": (
        "Термінали, що на тому самому кроці мають зв’язок у варіанті «до», а у варіанті «після» не мають, у середньому."
    ),
    "Terminals with service after and without it before in the same step, mean.": (
        "Термінали, що на тому самому кроці мають зв’язок у варіанті «після», а у варіанті «до» не мають, у середньому."
    ),
    (
        "Terminals with service before and after that get less than is of use at the busy hour after, and not before, "
        "mean."
    ): (
        "Термінали зі зв’язком в обох варіантах, що в годину найбільшого навантаження лише у варіанті «після» "
        "отримують менше, ніж корисно, у середньому."
    ),
    "People of the cell times the share of its terminals that lose service, mean.": (
        "Люди клітинки, помножені на частку її терміналів, що втрачають зв’язок, у середньому."
    ),
    "People of the cell times the share of its terminals that gain service, mean.": (
        "Люди клітинки, помножені на частку її терміналів, що здобувають зв’язок, у середньому."
    ),
    "Lost over what was served before.": "Частка втраченого від того, що має зв’язок у варіанті «до».",
    "Gained over what was served before.": "Частка здобутого від того, що має зв’язок у варіанті «до».",
    "What both serve and whose way takes more than half as long again after, over what both serve.": (
        "Частка того, чий шлях у варіанті «після» понад у півтора раза довший, від усього, що має зв’язок в обох "
        "варіантах."
    ),
    ("Time that a terminal was without service before, mean over terminals in the field before and after."): (
        "Час, коли термінал не має зв’язку у варіанті «до», у середньому за терміналами, що є на місцях в обох "
        "варіантах."
    ),
    ("Time that a terminal was without service after, mean over terminals in the field before and after."): (
        "Час, коли термінал не має зв’язку у варіанті «після», у середньому за терміналами, що є на місцях в обох "
        "варіантах."
    ),
    (
        "Longest time without service before, of any group in any cell that counts there, in the field before and "
        "after."
    ): (
        "Найдовша перерва у варіанті «до» серед груп, що є на місцях в обох варіантах, у всіх клітинках, які там "
        "враховано."
    ),
    (
        "Longest time without service after, of any group in any cell that counts there, in the field before and after."
    ): (
        "Найдовша перерва у варіанті «після» серед груп, що є на місцях в обох варіантах, у всіх клітинках, які там "
        "враховано."
    ),
    ("Times that service broke off or was not there before, mean over terminals in the field before and after."): (
        "Скільки разів у варіанті «до» зв’язок обривався або його не було, у середньому за терміналами, що є на "
        "місцях в обох варіантах."
    ),
    ("Times that service broke off or was not there after, mean over terminals in the field before and after."): (
        "Скільки разів у варіанті «після» зв’язок обривався або його не було, у середньому за терміналами, що є "
        "на місцях в обох варіантах."
    ),
    "Median delay before, of what both serve.": (
        "Медіана затримки у варіанті «до» для того, що має зв’язок в обох варіантах."
    ),
    "Median delay after, of what both serve.": (
        "Медіана затримки у варіанті «після» для того, що має зв’язок в обох варіантах."
    ),
    "Median delay after over that before.": (
        "Відношення медіани затримки у варіанті «після» до медіани у варіанті «до»."
    ),
    "What active terminals get together at the busy hour after, over what they got before.": (
        "Скільки активні термінали разом отримують у годину найбільшого навантаження у варіанті «після», поділене на "
        "те саме у варіанті «до»."
    ),
    "Operator that took over most of those that another one served before.": (
        "Оператор, який перебрав найбільше тих, кого у варіанті «до» обслуговує інший."
    ),
    "Gateway that took over most of those that came down at another one before.": (
        "Шлюз, який перебрав найбільше тих, чий трафік у варіанті «до» приймає інший."
    ),
    "PoP that took over most of those that entered the internet at another one before.": (
        "Точка присутності, яка перебрала найбільше тих, хто у варіанті «до» виходить в інтернет в іншій."
    ),
    (
        "What all terminals would get together at the busy hour if each were active and used all it got after, over "
        "the same before."
    ): (
        "Скільки разом отримували б усі термінали в годину найбільшого навантаження у варіанті «після», якби кожен був "
        "активний і використовував усе, що отримує, поділене на те саме у варіанті «до»."
    ),
    # Who carries whom.
    "Who carried them before; empty where nobody did.": "Хто обслуговує їх у варіанті «до»; порожньо, якщо ніхто.",
    "Who carries them after; empty where nobody does.": "Хто обслуговує їх у варіанті «після»; порожньо, якщо ніхто.",
    "Terminals in the mean of the measured time.": "Термінали, у середньому за врахований час.",
    # What restores a loss.
    "Terminals that intact serves and the loss takes, in the mean of the measured time.": (
        "Термінали, що мають зв’язок, коли все працює, і втрачають його, у середньому за врахований час."
    ),
    "Those of them that the option serves again in the same step, mean.": (
        "Ті з них, яким засіб на тому самому кроці повертає зв’язок, у середньому."
    ),
    "Terminals that the option serves and intact does not in the same step, mean.": (
        "Термінали, які обслуговує засіб і які на тому самому кроці не мають зв’язку, коли все працює, у середньому."
    ),
    "People of the cell times the share of its terminals that the loss takes, mean.": (
        "Люди клітинки, помножені на частку її терміналів, які втрачено, у середньому."
    ),
    "People of the cell times the share of its terminals that are restored, mean.": (
        "Люди клітинки, помножені на частку її терміналів, яким зв’язок відновлено, у середньому."
    ),
    "Restored over lost.": "Відновлене, поділене на втрачене.",
    "Added over lost: what other terminals make up for, above 1 where there are more of them.": (
        "Додане, поділене на втрачене: скільки надолужують інші термінали; понад 1, якщо їх більше."
    ),
}
