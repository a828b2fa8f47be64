"""Which countries lose most: for each variant a list with bars, where the area is many countries."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from obrii.report import palette
from obrii.report.glance import Bar, bars
from obrii.report.markup import Markup, element
from obrii.report.messages import Words
from obrii.report.reading import Run, Variant, names
from obrii.report.story import WORTH_SAYING

#: Countries in a list, and named in a sentence, at most.
_LISTED, _NAMED = 10, 12

#: Share lost from which a country has lost nearly all.
_NEARLY_ALL = 0.9


class Loss(NamedTuple):
    """What a country loses in a variant: its name, how many, their share of what intact serves, and why."""

    name: str
    lost: float
    share: float
    reason: str


def losses(run: Run, variant: Variant, words: Words) -> list[Loss]:
    """What every country loses that intact serves, those first that lose most; also those that lose nothing."""
    column = f"{run.summary.unit}_without_mean"
    before = run.of("countries", run.summary.intact.name).set_index("country")
    after = run.of("countries", variant.name).set_index("country").reindex(before.index)
    # Where nobody is counted, as in Antarctica, nobody loses anything.
    counted = (before["share_served"] > 0.0) & (before[run.summary.unit] > 0.0)
    lost = (after[column] - before[column]).clip(lower=0.0)
    changes, gross = run.of("compared_countries", variant.name).set_index("country"), f"{run.summary.unit}_lost_mean"
    if gross in changes:
        # Whoever gains service takes nothing from what others lose.
        lost = changes[gross].reindex(before.index).fillna(lost)
    share = (1.0 - after["share_served"]).clip(0.0, 1.0)
    found = [
        Loss(str(name), float(count), float(part), str(reason))
        for name, count, part, reason in zip(
            names(before, words.language)[counted], lost[counted], share[counted], after["reason"][counted], strict=True
        )
        if np.isfinite(count) and np.isfinite(part)
    ]
    return sorted(found, key=lambda loss: (-loss.lost, words.order(loss.name)))


def most_lost(run: Run, variant: Variant, words: Words) -> Markup:
    """The countries that lose most in a variant, and how many lose anything or nearly all."""
    found = losses(run, variant, words)
    losing = [loss for loss in found if loss.share >= WORTH_SAYING]
    shown = [] if found and all(loss.share > 1.0 - WORTH_SAYING for loss in found) else losing[:_LISTED]
    listed = [
        Bar(
            loss.name,
            "",
            loss.share,
            palette.strongest(loss.reason),
            words.say("glance.of", lost=words.count(loss.lost), share=words.percent(loss.share)),
        )
        for loss in shown
    ]
    return element(
        "figure",
        element("h3", words.variant(variant.name)),
        bars(listed, "track") if listed else "",
        element("figcaption", _said(found, losing, words)),
    )


def _said(found: list[Loss], losing: list[Loss], words: Words) -> str:
    """How many countries lose anything, and which lose nearly all."""
    if not losing:
        least = words.percent(WORTH_SAYING)
        return words.say("losses.hardly" if any(loss.lost > 0.0 for loss in found) else "losses.none", least=least)
    if all(loss.share > 1.0 - WORTH_SAYING for loss in found):
        return words.say("losses.all", all=words.exact(len(found)))
    some = words.say("losses.some", count=words.exact(len(losing)), all=words.exact(len(found)))
    nearly = sorted((loss.name for loss in losing if loss.share >= _NEARLY_ALL), key=words.order)
    if not nearly:
        return some
    return (
        f"{some} {words.say('losses.nearly', countries=words.first([words.country(name) for name in nearly], _NAMED))}"
    )
