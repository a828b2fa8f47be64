"""What `obrii path` says of the way of a packet."""

from __future__ import annotations

PATH: dict[str, str] = {
    "path.none": "no connection: {reason}",
    "path.no-laser-path": "no way over lasers",
    "path.hop": "hop",
    "path.place": "place",
    "path.km": "km",
    "path.ms": "ms",
    "path.far": "km so far",
    "path.long": "ms so far",
    "path.round": "round trip: {rtt} ms without queueing, of which light {light} ms",
    "path.steps": "{count} {count:step|steps}, served in {served}",
    "path.without": "  without a way: {count} {count:step|steps}, {reason}",
    "path.trip": "round trip, ms",
    "path.min": "min",
    "path.median": "median",
    "path.mean": "mean",
    "path.max": "max",
    "path.light": "light alone",
    "path.unqueued": "without queueing",
}
