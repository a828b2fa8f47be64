"""What the page says of every case against everything working, place by place, and of terminals that are added."""

from __future__ import annotations

COMPARED: dict[str, str] = {
    # Added terminals on maps and over time.
    "legend.added": "added terminals with service; where dots touch, as many as intact serves, or more",
    "time.text.added": "Green: added terminals with service, as many as would fill that part of what is missing.",
    "time.added": "{served} added ({share})",
}
