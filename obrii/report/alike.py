"""Variants that look the same in a picture: drawn once, and named together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import takewhile

from obrii.report.markup import Markup, element
from obrii.report.messages import Words
from obrii.report.reading import Variant

#: What stands between sentences.
_STOP = ". "


def alike(variants: Sequence[Variant], looks: Callable[[Variant], Hashable]) -> list[list[Variant]]:
    """Variants put together by how they look, in the order of the first of each."""
    found: dict[Hashable, list[Variant]] = {}
    for variant in variants:
        found.setdefault(looks(variant), []).append(variant)
    return list(found.values())


def figure(
    variants: Sequence[Variant], picture: Markup, said: Callable[[Variant], str], words: Words, head: str = "h4"
) -> Markup:
    """A picture with the names of its variants above, and below what is said of each, once as far as it is the same.

    head: the element of the names, a heading under that of the section.
    """
    titles = [element("span", words.variant(variant.name)) for variant in variants]
    sentences = [said(variant).split(_STOP) for variant in variants]
    shared = list(takewhile(lambda those: len(set(those)) == 1, zip(*sentences, strict=False)))
    same, differ = _STOP.join(those[0] for those in shared), [_STOP.join(those[len(shared) :]) for those in sentences]
    below = [element("p", f"{same}." if any(differ) else same)] if same else []
    below += [element("p", element("b", title, ": "), text) for title, text in zip(titles, differ, strict=True) if text]
    return element("figure", element(head, titles), picture, element("figcaption", below))
