"""What the report and the terminal say of rates: what a terminal gets, what binds, how many there can be.

A key that ends in the name of a bottleneck is about what keeps terminals from more, as `obrii.schema` names it.
"""

from __future__ import annotations

RATES: dict[str, str] = {
    "operator.starlink": "Starlink",
    "operator.oneweb": "OneWeb",
    "operator.kuiper": "Kuiper",
    "operator.telesat": "Telesat",
    "operator.iridium": "Iridium",
    # What each person gets.
    "rates.title": "What each person gets",
    "rates.lead": (
        "At the busy hour half of the terminals with a connection get at least {median}, and one in ten gets less "
        "than {low}. {binds}"
    ),
    "rates.lead.alike": (
        "At the busy hour at least nine in ten of the terminals with a connection get {median}. {binds}"
    ),
    "rates.lead.nobody": "When everything works, no terminal has a connection.",
    "rates.case": (
        "In the case “{variant}”, {kept} of the capacity is kept; of the terminals that still have a connection, "
        "half get at least {median} at the busy hour, and one in ten gets less than {low}."
    ),
    "rates.case.alike": (
        "In the case “{variant}”, {kept} of the capacity is kept; of the terminals that still have a connection, "
        "at least nine in ten get {median} at the busy hour."
    ),
    "rates.binds.antenna": (
        "What binds first are the antennas of gateways, most of all the {antennas} at {gateway}: they hold back "
        "{share} of the terminals."
    ),
    "rates.binds.antenna-uncounted": (
        "What binds first are the antennas of gateways, most of all those at {gateway}: they hold back {share} of "
        "the terminals."
    ),
    "rates.binds.cell": (
        "What binds first are the beams over a terminal’s own cell: they hold back {share} of the terminals."
    ),
    "rates.binds.satellite": "What binds first are the satellites: they hold back {share} of the terminals.",
    "rates.binds.laser": (
        "What binds first are the lasers between satellites: they hold back {share} of the terminals."
    ),
    "rates.binds.pop": "What binds first are the points of presence: they hold back {share} of the terminals.",
    "rates.binds.nothing": "Nothing binds: every terminal with a connection gets all that it can use.",
    "rates.bottleneck.antenna": "antennas of the gateway at {gateway} ({antennas})",
    "rates.bottleneck.antenna-uncounted": "antennas of the gateway at {gateway}",
    "rates.bottleneck.cell": "beams over the terminal’s own cell",
    "rates.bottleneck.satellite": "satellites",
    "rates.bottleneck.laser": "lasers between satellites",
    "rates.bottleneck.pop": "points of presence",
    "rates.bottleneck.nothing": "nothing",
    "rates.bottleneck.nobody": "–",
    "rates.held": "{share} of terminals held back",
    "rates.case.head": "Case",
    "rates.busy": "At the busy hour",
    "rates.now": "During the run",
    "rates.median": "half get at least",
    "rates.low": "nine in ten get at least",
    "rates.degraded": "Terminals under {usable}",
    "rates.capacity": "Capacity kept",
    "rates.binding": "What binds first",
    "rates.mean.rate": "Rate",
    "rates.mean.rate.text": (
        "What a terminal receives while somebody uses it. Those who use theirs at the same moment share beams, "
        "satellites, antennas and points of presence fairly, groups with priority first: nobody gets more at the "
        "cost of somebody with less. Terminals without a connection are left out here."
    ),
    "rates.mean.busy": "Busy hour",
    "rates.mean.busy.text": (
        "As if it were the busiest hour of the day everywhere at once, with the satellites of the run. During the "
        "run: by the hour that it is where a terminal stands."
    ),
    "rates.mean.degraded": "Terminals under {usable}",
    "rates.mean.degraded.text": (
        "Terminals that have a connection and get less than {usable} at the busy hour: too little to be of use. "
        "They are degraded, and count nowhere as without service."
    ),
    "rates.mean.capacity": "Capacity kept",
    "rates.mean.capacity.text": (
        "What all terminals of the area would get together if every one were in use and took all it is given, "
        "against the same when everything works. It may exceed 100\u202f% where other satellites or gateways step "
        "in, and what an added operator brings counts."
    ),
    "rates.mean.binding": "What binds first",
    "rates.mean.binding.text": (
        "The part of the way that keeps most terminals from more at the busy hour, and the share of terminals that "
        "parts of this kind hold back. Where nothing does, a terminal gets all that it can use."
    ),
    # Beside the losses: what is added gets.
    "lead.added.rate": ": at least {rates} for half of them at the busy hour",
    "glance.added.rate": "{served} of {added} added terminals have a connection, {rate} at the busy hour",
    "map.caption.added.rate": (
        " {added} terminals are added, {served} with service: {rate} at the busy hour, median RTT {delay}\u00a0ms."
    ),
    # How full gateways are.
    "loads.title": "How full gateways are at the busy hour",
    "loads.text": (
        "What a gateway sends, of what the antennas that it has in use could, before and after; for everybody, in "
        "the area and around it. Highest load first. One antenna may be full, and bind, while others at the same "
        "place are not."
    ),
    "loads.of": "{load} of {capacity}",
    "loads.more": "{count} more carry less.",
    # How many terminals there can be.
    "growth.title": "How many terminals there can be",
    "growth.title.place": "How many terminals {place} can have",
    "growth.text": (
        "The rate at the busy hour if there were more terminals, standing where those of the run stand, while "
        "nothing else changes. Terminals that nobody can serve count as those that get nothing."
    ),
    "growth.reading": (
        "Between the numbers that were tried, read off straight lines on the logarithmic scales of the picture."
    ),
    "growth.half.about": (
        "half of the terminals get {usable} or more at the busy hour as long as there are no more than about "
        "{count} terminals."
    ),
    "growth.half.more": (
        "half of the terminals get {usable} or more at the busy hour even with {count} terminals, the most that "
        "was tried."
    ),
    "growth.half.fewer": (
        "even with {count} terminals, the fewest that were tried, half of them get less than {usable} at the busy hour."
    ),
    "growth.tenth.about": "Nine in ten do up to about {count}.",
    "growth.tenth.more": "Nine in ten do even with {count}.",
    "growth.tenth.fewer": "Nine in ten do not, not even with {count}.",
    "growth.picture": "Rate at the busy hour against the number of terminals",
    "growth.about": "about {count}",
    "growth.beyond": "more than {count}",
    "growth.usable.short": "of use",
    "growth.usable": "of use: {usable}",
    "growth.across": "terminals",
    "growth.up": "rate at the busy hour",
    "growth.solid": "solid: half of the terminals get at least this",
    "growth.dashed": "dashed: nine in ten get at least this",
    "growth.ring": "ring: as many terminals as in the run",
    "growth.line": "{operator}, in the case “{variant}”",
    # The table of rates in the terminal.
    "terminal.rates": "Rates, Mb/s: half of the terminals / nine in ten get at least",
    "terminal.busy": "at the\nbusy hour",
    "terminal.now": "during\nthe run",
    "terminal.degraded": "under\n{usable}",
    "terminal.kept": "capacity\nkept",
    "terminal.rates.note": (
        "Rates are what terminals with a connection receive while somebody uses them; capacity is against intact."
    ),
}
