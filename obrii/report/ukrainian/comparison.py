"""What the terminal says of variants compared, in Ukrainian."""

from __future__ import annotations

COMPARISON: dict[str, str] = {
    "compare.title": "{before} → {after}",
    "compare.title.many": "Порівняно з варіантом: {before}",
    "compare.side": "{variant}, {run}",
    "compare.where": "Де",
    "compare.area": "Уся територія",
    # Heads of columns, a line a number.
    "compare.terminals": "термінали,\nвтратили:\nздобули:",
    "compare.terminals.rated": "термінали,\nвтратили:\nздобули:\nпогіршено:",
    "compare.people": "люди,\nвтратили:\nздобули:",
    "compare.without": "хвилини\nбез\nзв’язку,\nдо:\nпісля:",
    "compare.gap": "найдовша\nперерва,\nдо:\nпісля:",
    "compare.rtt": "затримка,\nмс, до:\nпісля:",
    "compare.slower": "повільніше\nв 1,5 раза",
    "compare.slower.rate": "повільніше\nв 1,5 раза:\nзбережено\nшвидкості:",
    "compare.slower.capacity": "повільніше\nв 1,5 раза:\nзбережено\nпропускної\nздатності:",
    "compare.took": "хто перебрав",
    "compare.took.narrow": "перебирає {names}",
    "compare.took.operator": "{name}",
    "compare.took.gateway": "шлюз {name}",
    "compare.took.pop": "точка присутності {name}",
    # Below the table.
    "compare.more": "Місця, де щось змінилося і яких не показано: {count}; -o записує всі.",
    "compare.same": "Країни, де нічого не змінилося і яких не показано: {count}.",
    "compare.note": "За час, врахований для варіанта «після», {time}: {steps} із {of} кроків.",
    "compare.note.whole": "За весь час розрахунку, {time}.",
    "compare.note.many": "Кожен за врахований для нього час; --after VARIANT показує один варіант місце за місцем.",
    "compare.note.rates": "Погіршено: менше ніж {usable} у годину найбільшого навантаження.",
    "compare.kept": "Збережено пропускної здатності на території: {kept}.",
    "compare.means": "--definitions пояснює, що означає кожне число.",
    # Kinds of numbers, before what each of them means.
    "compare.kind.general": "загальне",
    "compare.kind.places": "місця",
    "compare.kind.differences": "що змінюється",
    "compare.kind.moves": "хто кого обслуговує",
    "compare.kind.restored": "що відновлено",
    # What restores a loss.
    "compare.restored.terminals": "Що відновлює втрачене; терміналів втрачено: {lost}",
    "compare.restored.people": "Що відновлює втрачене; людей без зв’язку: {lost}",
    "compare.option": "Засіб",
    "compare.back": "відновлено",
    "compare.share": "від втрат",
    "compare.added": "додано",
}
