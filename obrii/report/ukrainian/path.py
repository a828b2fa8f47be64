"""What `obrii path` says of the way of a packet, in Ukrainian."""

from __future__ import annotations

PATH: dict[str, str] = {
    "path.none": "зв’язку немає: {reason}",
    "path.no-laser-path": "лазерними лініями не дістатися",
    "path.hop": "№",
    "path.place": "місце",
    "path.km": "км",
    "path.ms": "мс",
    "path.far": "усього км",
    "path.long": "усього мс",
    "path.round": "туди й назад: {rtt} мс без черг, із них рух світла {light} мс",
    "path.steps": "{count} {count:крок|кроки|кроків}, зв’язок є на {served}",
    "path.without": "  шляху немає: {count} {count:крок|кроки|кроків}, {reason}",
    "path.trip": "туди й назад, мс",
    "path.min": "найменше",
    "path.median": "медіана",
    "path.mean": "середнє",
    "path.max": "найбільше",
    "path.light": "лише рух світла",
    "path.unqueued": "без черг",
}
