"""What the page says in Ukrainian of every case against everything working, place by place, and of added terminals."""

from __future__ import annotations

COMPARED: dict[str, str] = {
    # Added terminals on maps and over time.
    "legend.added": "додані термінали зі зв’язком; де крапки торкаються, їх не менше, ніж мало зв’язок без події",
    "time.text.added": "Зелене: додані термінали зі зв’язком; частина втраченого, яку вони заповнили б своїм числом.",
    "time.added": "додано {served} ({share})",
}
