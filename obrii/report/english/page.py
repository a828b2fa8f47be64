"""What the page and the table in the terminal say, but for definitions and rates.

In a template ``{count:terminal|terminals}`` is the form of a noun that goes with a count.
"""

from __future__ import annotations

PAGE: dict[str, str] = {
    # The head of the page.
    "page.kicker": "Obrii · who has a connection, and what is left when part of it is off",
    "page.note": "An illustration with stated assumptions, not a reconstruction of what happened.",
    "page.setting": (
        "Simulated: {span}, judged every {step}; {cells} cells of the ground; {people} people; {terminals}."
    ),
    "page.never.offered": (
        "Not served even when everything works: {people} people in {cells} {cells:cell|cells} where the service is not "
        "offered; they are counted nowhere below as lost."
    ),
    "page.never.served": (
        "Not served even when everything works: {people} people in {cells} {cells:cell|cells}; they are counted "
        "nowhere below as lost."
    ),
    "list.more": "{names} and {count} more",
    "terminals": "{count} {count:terminal|terminals}",
    "terminals.none": "no terminals, so people are counted",
    # The sentence on top.
    "lead.terminals.all": "Of {whole} satellite terminals, {clauses}.",
    "lead.terminals.offered": (
        "Of the {whole} satellite terminals that stand where the service is offered, {clauses}."
    ),
    "lead.terminals.served": (
        "Of the {whole} satellite terminals that have a connection when everything works, {clauses}."
    ),
    "lead.people.all": "Of {whole} people, {clauses}.",
    "lead.people.offered": "Of the {whole} people who live where the service is offered, {clauses}.",
    "lead.people.served": "Of the {whole} people who live where there is service when everything works, {clauses}.",
    "lead.first.terminals": "about {lost} lose their connection {cause}",
    "lead.first.people": "about {lost} live where the connection is lost {cause}",
    "lead.first.it": "about {lost} can no longer get it {cause}",
    "lead.next": "about {lost} {cause}",
    "lead.whole.terminals": "all lose their connection {causes}",
    "lead.whole.people": "all live where the connection is lost {causes}",
    "lead.whole.it": "all lose it {causes}",
    "lead.kept": (
        "{who} loses the connection, but the median round trip without queueing goes from {before} to {after} ms "
        "{cause}."
    ),
    "lead.nothing": "{who} loses the connection in any of the cases examined.",
    "lead.nobody": "Nobody",
    "lead.hardly": "Almost nobody",
    # The sentence below it: what is added and restored.
    "lead.added.where": "{how}, ",
    "lead.added.operator": "with {operator}",
    "lead.added.licence": "with a licence",
    "lead.added.any": "where terminals are added",
    "lead.added.all": "all of {terminals} new terminals have a connection",
    "lead.added.one": "all {terminals} new terminals have a connection",
    "lead.added.some": "{terminals} new terminals have a connection",
    "lead.added.of": "{served} of {terminals}",
    "lead.added.to": "{first} to {last}",
    "lead.added.without": "those that lost theirs stay without",
    "lead.restored.one": "{most} of what is lost is given back in the case “{variant}”",
    "lead.restored.same": "{most} of what is lost is given back",
    "lead.restored.range": "{least} to {most} of what is lost is given back, most in the case “{variant}”",
    "lead.intact.terminals": ("With everything working, {share} of {whole} terminals have a connection at any moment."),
    "lead.intact.people": (
        "With everything working, {share} of {whole} people live where there is a connection at any moment."
    ),
    "lead.silent": "silent throughout{case}: {places}",
    "lead.gap": "the longest gap{case}: {gap}{where}",
    "lead.gap.in": ", in {places}",
    "lead.of_case": " in the case “{variant}”",
    "lead.growth": "At the busy hour half of the terminals get {usable} or more: {clauses}.",
    "lead.growth.about": "up to about {count} {count:terminal|terminals} with {line}",
    "lead.growth.more": "even {count} with {line}, the most that was tried",
    "lead.growth.fewer": "fewer than {count} with {line}",
    "lead.or": "or",
    "lead.between": "; ",
    "lead.last": "; and ",
    "cause.regions": "when the service is switched off over {regions}",
    "cause.regions.many": "when the service is switched off over {count} of {all} regions",
    "cause.countries.many": "when the service is switched off over {count} of {all} countries",
    "cause.country": "when the whole country is switched off",
    "cause.area": "when the service is switched off everywhere",
    "cause.part": "when the service is switched off over a part of the area",
    "cause.gateways": "when the gateways in {countries} are lost",
    "cause.gateway": "when the gateway {gateway} is lost",
    "cause.gateways.many": "when {count} gateways are lost",
    "cause.pops": "when the {count:point|points} of presence {pops} {count:is|are} lost",
    "cause.core-off": "when the operator’s core fails",
    "cause.satellites-off": "when satellites fail",
    "cause.links-degraded": "when links are degraded",
    "cause.lasers-off": "when lasers between satellites are off",
    "cause.fibre-off": "when fibre is cut",
    "cause.sites-off": "when sites on the ground fail",
    "cause.ground.countries": "when all gateways and points of presence in {countries} are lost",
    "cause.ground-off": "when all gateways and points of presence of some countries are lost",
    "cause.antennas-off": "when antennas of gateways are lost",
    "cause.storm": "when a geomagnetic storm brings satellites down",
    "cause.ageing": "when no more satellites are launched",
    "cause.operator-off": "when an operator is lost with its satellites and sites",
    "cause.service-limit": "when the operator limits what a terminal gets",
    "cause.listed-only": "when only terminals on a list are let in",
    "cause.licence-granted": "when an operator is licensed where it was not",
    "cause.which": "{cause} (“{variant}”)",
    "cause.named": "in the case “{variant}”",
    # Variants and reasons.
    "variant.intact": "Intact",
    "reason.core-off": "the operator’s core is down",
    "reason.not-licensed": "service not offered there",
    "reason.not-listed": "terminal not on the list",
    "reason.switched-off": "switched off by the operator",
    "reason.below-mask": "no satellite high enough",
    "reason.geostationary-arc": "satellites only in the protected geostationary arc",
    "reason.satellite-off": "satellites lost",
    "reason.no-gateway-in-sight": "no gateway in reach of a satellite",
    "reason.gateway-off": "every gateway in reach is lost",
    "reason.no-laser-path": "no way over lasers to a gateway",
    "reason.pop-off": "point of presence lost",
    "reason.fibre-off": "fibre cut",
    "reason.no-antenna": "all gateway antennas taken",
    "reason.no-beam": "all satellite beams taken",
    "reason.": "–",
    # Bars on top.
    "glance.terminals": "Terminals that lose their connection",
    "glance.people": "People who live where the connection is lost",
    "glance.note.terminals": ("mean while the event acts, of {whole} terminals that are served when everything works"),
    "glance.note.people": (
        "mean while the event acts, of {whole} people who live where there is service when everything works"
    ),
    "glance.note.added": "Green: added terminals with a connection",
    "glance.note.back": "Green: added terminals with a connection; those that lost it stay without",
    "glance.gain": "Added terminals that have a connection",
    "glance.gain.note": "mean while the event acts, of those that are added",
    "glance.rtt": "How long a packet takes, there and back",
    "glance.rtt.note": "median RTT without queueing",
    "glance.ms": "{delay}\u00a0ms",
    "glance.of": "{lost} · {share}",
    "glance.why": "{reason}, {span}",
    "glance.acts": "acts {span}",
    "glance.added": "{served} of {added} added terminals have a connection",
    "glance.more": "{served} added",
    # Two places and the way between them.
    "page.setting.pairs": "Simulated: {span}, every {step}; {pairs} {pairs:pair|pairs} of places.",
    "pairs.lead": "There and back, a packet takes {ways}, in the median over the time with a way.",
    "pairs.lead.range": "There and back, a packet takes {first} to {last}, in the median over the time with a way.",
    "pairs.lead.none": "There is no way between the two places of any pair, at any moment.",
    "pairs.way": "{delay}\u00a0ms on {pair}",
    "pairs.bars": "median RTT without queueing, from end to end",
    "pairs.title": "How long the way is between two places",
    "pairs.text": (
        "RTT without queueing from end to end, over the time in which there is a way; while an event acts, where there "
        "is one."
    ),
    "pairs.pair": "Pair",
    "pairs.share": "Time with a way",
    "pairs.least": "RTT, least, ms",
    "pairs.median": "RTT, median, ms",
    "pairs.most": "RTT, greatest, ms",
    "terminal.pairs": "RTT without queueing from end to end, ms",
    "terminal.pairs.share": "time with\na way",
    "terminal.pairs.rtt": "RTT:\nleast / median / greatest",
    "terminal.pairs.note": "An illustration with stated assumptions, not a reconstruction.",
    # The table of variants.
    "table.title.costs": "What each case costs",
    "table.title.changes": "What each case changes",
    "table.title.intact": "When everything works",
    "table.note": (
        "A row a case. “Without service” counts everybody that has none at that moment; shares are of what is "
        "served when everything works."
    ),
    "table.variant": "Case",
    "table.terminals": "Terminals without service",
    "table.people": "People without service",
    "table.people.millions": "People without service, millions",
    "table.mean": "mean",
    "table.worst": "worst",
    "table.once": "at least once",
    "table.added": "Terminals added",
    "table.field": "in the field",
    "table.connected": "with service",
    "table.share": "Served, of intact",
    "table.rtt": "RTT without queueing, ms",
    "table.light": "of it light time, ms",
    "table.median": "median",
    "table.p95": "95th pct.",
    "table.in_use": "In use",
    "table.satellites": "satellites",
    "table.gateways": "gateways",
    "table.reason": "Main reason",
    # The same in the terminal.
    "terminal.report": "report: {page}",
    "terminal.finished": "{directory} holds this run, finished: nothing is computed",
    "terminal.anew": (
        "{directory} held an unfinished run, {steps} of its steps kept; this one begins anew, with --resume it would "
        "have gone on"
    ),
    "terminal.terminals": "terminals\nwithout:\nmean / worst / once",
    "terminal.people": "people\nwithout:\nmean / worst / once",
    "terminal.people.millions": "people,\nmillions:\nmean / worst / once",
    "terminal.adds": "{added} added, {served} served",
    "terminal.share": "served,\nof intact",
    "terminal.rtt": "RTT*, ms:\nmedian / 95th",
    "terminal.light": "light, ms:\nmedian / 95th",
    "terminal.in_use": "in use:\nsatellites / gateways",
    "terminal.note": (
        "* RTT without queueing, and its light time. Without service: mean while an event acts, worst moment, at "
        "least once. An illustration with stated assumptions, not a reconstruction."
    ),
    # Maps.
    "maps.title.costs": "Where the connection is lost",
    "maps.title.plain": "Where there is a connection",
    "maps.before": "Before: everything works",
    "maps.intact": "Everything works",
    "maps.after": "After: one map a case",
    "maps.after.one": "After",
    "maps.text": (
        "A hexagon is a cell of the ground. Blue: served. Any other colour: without service, and the colour says "
        "why; the darker, the longer."
    ),
    "map.title": "Map: {variant}",
    "map.caption.people": "{people} people live where service is lost ({share}). {reason}",
    "map.caption.both": (
        "{lost} {lost:terminal|terminals} ({share}) {lost:loses|lose} service, and {people} more people are without "
        "it. {reason}"
    ),
    "map.caption.none": "Nobody loses service.",
    "map.caption.added": " {added} terminals are added, {served} of them with service.",
    "map.caption.added.rtt": " {added} terminals are added, {served} with service: median RTT {delay}\u00a0ms.",
    "map.caption.slower": (
        "{who} loses service; the median RTT without queueing goes from {before} to {after}\u00a0ms."
    ),
    "map.reason": "Main reason: {reason}.",
    "map.outside": "Gateways in use outside the map: {gateways}.",
    "map.pops": "Traffic enters the internet at {pops}, outside the map.",
    "map.end": "The map ends at 60° south; beyond lie {cells} cells of the area, with {people} people.",
    "map.gathered": "Cells are gathered into coarser ones to be drawn.",
    "legend.served": "served at least 99 % of the time",
    "legend.shade": "Shade: without service 1–10, 10–50, 50–90, over 90 % of the time the event acts",
    "legend.gateway": "gateway; the disc grows with the cells it carries",
    "legend.idle": "gateway that carries nothing here",
    "legend.lost": "gateway lost",
    "legend.pop": "point of presence: where traffic enters the internet",
    "legend.town": "large town",
    "legend.islet": "a place too small for its cells to be seen, in their colour",
    # Which countries lose most.
    "losses.title": "Which countries lose most",
    "losses.text.people": (
        "By people who live where service is lost, on average while the event acts. The bar is their share of "
        "those in the country who live where there is service when everything works."
    ),
    "losses.text.terminals": (
        "By terminals that lose service, on average while the event acts. The bar is their share of those in the "
        "country that are served when everything works."
    ),
    "losses.some": "{count} of {all} countries lose part of their service or all of it.",
    "losses.nearly": "At least nine tenths is lost in {countries}.",
    "losses.all": "Every country that is served, {all} of them, loses all of its service.",
    "losses.none": "No country loses service.",
    "losses.hardly": "No country loses as much as {least} of its service.",
    # Service over time.
    "time.title.costs": "When it is lost, and for how long",
    "time.title.plain": "The connection over time",
    "time.text": (
        "Share served of what is served when everything works. The missing part has the colour of its main "
        "reason; the bracket marks when the event acts."
    ),
    "time.panel": "{variant}: share served over time",
    "time.rtt": "Median RTT without queueing: {before} ms intact, {after} ms while the event acts.",
    "time.no_rtt": "Median RTT without queueing: {before} ms intact; nobody is served while the event acts.",
    "time.event": "acts {span}",
    # Countries, regions and towns.
    "places.title": "Regions and towns",
    "places.title.many": "Countries and towns",
    "places.regions": "Share of the service that is left, by region",
    "places.regions.of": "Regions of {country}",
    "places.countries": "Share of the service that is left, by country",
    "places.countries.text.people": "Those first in which most people live where service is lost.",
    "places.countries.text.terminals": "Those first in which most terminals lose service.",
    "places.towns": "Share of the time that towns are served, by town",
    "places.towns.text": "Under the share: the longest gap. Largest towns first.",
    "places.towns.text.losses": (
        "Under the share: the longest gap. First the towns that are most of what any one case takes, then the largest. "
        "Known are the largest of the area, and the largest of each part that an event is aimed at."
    ),
    "places.region": "Region",
    "places.country": "Country",
    "places.town": "Town",
    "places.people": "People",
    "places.terminals": "Terminals",
    "places.more.towns": "Show {count} more {count:town|towns}",
    "places.more.countries": "Show {count} more {count:country|countries}",
    "places.all.towns": "Show {count} {count:town|towns}",
    "places.all.countries": "Show {count} {count:country|countries}",
    "places.never.towns": (
        "Show {count} large {count:town that is|towns that are} not served even when everything works"
    ),
    "places.never.countries": (
        "Show {count} {count:country that is|countries that are} not served even when everything works"
    ),
    "places.never": "not even when all works",
    "places.gap": "gap {gap}",
    # Gateways.
    "gateways.title": "Who takes over when gateways are lost",
    "gateways.title.plain": "Which gateways carry it",
    "gateways.more": "In one of these cases {count} more carry something, or are lost.",
    "gateways.text": (
        "Mean antennas in use, of those that stand there, and cells of the area carried. An antenna follows one "
        "satellite at a time."
    ),
    "gateways.gateway": "Gateway",
    "gateways.antennas": "{used} of {all}",
    "gateways.cells": "{count} {count:cell|cells}",
    "gateways.idle": "idle",
    "gateways.lost": "lost",
    # One site.
    "site.title": "Why {gateway} decides so much",
    "site.share": (
        "In the case “{variant}”, the gateway {gateway} ({country}) carries {share} of the cells that are still "
        "served, with {used} of its {all} antennas in use. It stands {distance} km from the middle of the area."
    ),
    "site.limit": (
        "An antenna follows one satellite at a time, so a gateway brings down no more satellites at once than it "
        "has antennas, and only satellites that see it."
    ),
    "site.far": (
        "The nearest other one that is still on and carries anything is {gateway} ({country}), at {distance} km."
    ),
    "site.alone": "No other gateway that is still on carries any of these cells.",
    "site.without": "Where it is lost too (“{variant}”), the share served falls from {before} to {after}.",
    "site.assumption": "Stated among the assumptions: {text}",
    # Assumptions, sources, how to run it again.
    "assume.title": "What is assumed",
    "assume.text": "Change any of these in the scenario file and run it again.",
    "assume.what": "Assumption",
    "assume.value": "Value",
    "assume.source": "Source",
    "source.title": "Sources and borders",
    "source.borders": (
        "Crimea is shown as part of Ukraine, as the United Nations General Assembly has it (resolution 68/262, "
        "27 March 2014). Outlines of countries are those of Natural Earth (public domain, 1:50 million), changed "
        "where they differ from the borders that the General Assembly goes by; edges of regions are edges of "
        "cells. The maps take no position of their own on any border."
    ),
    "source.cells": (
        "Cells: H3 hexagons. Places and people: GeoNames (geonames.org), CC BY 4.0. Colours differ for readers "
        "of any colour vision."
    ),
    "rerun.title": "Run it again",
    "rerun.text": "The same scenario, seed ({seed}) and version give the same numbers to the last digit.",
    "rerun.builtin": "obrii run                           # the built-in scenario",
    "rerun.own": "obrii run SCENARIO.toml -o DIR      # your own",
    "rerun.report": "obrii report DIR                    # this page again",
    "rerun.tables": "The numbers of this page lie beside it: summary.json, tables/*.parquet and results.zarr.",
}
