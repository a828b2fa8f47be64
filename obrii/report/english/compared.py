"""What the page says of every case against everything working, place by place, and of terminals that are added."""

from __future__ import annotations

COMPARED: dict[str, str] = {
    # Added terminals on maps and over time.
    "legend.added": "added terminals with service; where dots touch, as many as intact serves, or more",
    "time.text.added": "Green: added terminals with service, as many as would fill that part of what is missing.",
    "time.added": "{served} added ({share})",
    # Every case against everything working.
    "compared.title.loss": "Who loses what, place by place",
    "compared.title.changes": "What changes, place by place",
    "compared.title.gaps": "How often it breaks off and for how long, place by place",
    "compared.title.delay": "Whose way gets longer, place by place",
    "compared.text": (
        "Each case against everything working, over the time in which the case is measured; an arrow goes from "
        "everything working to the case. Grey: no change."
    ),
    "compared.sides": "Before and after",
    "compared.sides.text": (
        "Before: everything works. After: the case. Both over the time in which the case is measured. A place counts "
        "its terminals, or its people where it has none. A delay that changes by less than {delay} and a rate by less "
        "than {rate} are no change."
    ),
    "compared.same": "The same in every case: {said}.",
    "compared.places": "Which places change most, case by case",
    "compared.lost": "Service lost",
    "compared.gained": "Service gained",
    "compared.minutes": "Minutes without, mean",
    "compared.longest": "Longest gap",
    "compared.gaps": "Gaps, mean",
    "compared.slower": "Slower by half",
    "compared.rtt": "RTT of those served in both, ms",
    "compared.factor": "× {factor}",
    "compared.rate": "Rate kept",
    "compared.capacity": "Capacity kept",
    "compared.degraded": "Degraded",
    "compared.took": "Taken over by",
    "compared.restored": "Given back of the loss",
    "compared.restored.text": "{restored} restored",
    "compared.restored.more": "{added} added",
    "compared.restored.define": (
        "Restored: what the loss takes and the option serves again, terminal by terminal, over what is lost; dark on "
        "the bar. Added: other terminals that the option serves, over what is lost; above 100 % where they are more."
    ),
    "compared.restored.of": "of “{loss}”",
    # What neighbours feel, and what a place feels most.
    "compared.neighbours": "What neighbours feel",
    "compared.neighbour": "{name}: {what}",
    "compared.neighbours.more": "something changes in {count} more",
    "compared.neighbours.named": "{names}: nothing changes",
    "compared.neighbours.quiet": "nothing changes in {count} others",
    "compared.felt.lost": "{value} of the service lost",
    "compared.felt.gained": "{value} gained",
    "compared.felt.minutes": "{value}\u00a0min without",
    "compared.felt.longest": "longest gap {value}",
    "compared.felt.gaps": "{value} gaps",
    "compared.felt.slower": "{value} slower by half",
    "compared.felt.rtt": "RTT {value}\u00a0ms",
    "compared.felt.rate": "rates {value} of before",
    "compared.felt.degraded": "{value} degraded",
    # Places of a case.
    "compared.countries": "Countries",
    "compared.regions": "Regions",
    "compared.towns": "Towns",
    "compared.groups": "Groups of terminals",
    "compared.more": "{count} more change less.",
    "compared.quiet": "Nothing changes: {names}.",
    "compared.headline": "{said}.",
    "compared.headline.between": "{least} to {most}",
    "compared.headline.all": "Everywhere: {what}.",
    "compared.headline.nothing": "Nothing changes anywhere.",
    "compared.headline.quiet": "{names}: nothing changes.",
    "compared.headline.countries": "Nothing changes in {count} {count:country|countries}.",
    "compared.headline.regions": "Nothing changes in {count} {count:region|regions}.",
    "compared.headline.towns": "Nothing changes in {count} {count:town|towns}.",
    "compared.absent": (
        "What changes in each place, case by case, is not in this run: run it again with this version, or ask "
        "obrii compare DIR."
    ),
    "compared.all": "All places in all cases",
}
