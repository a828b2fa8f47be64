"""Elements of HTML and SVG as text that is safe to put on a page."""

from __future__ import annotations

import html
from collections.abc import Iterable

#: Elements of HTML that have no content and no end tag.
_VOID = frozenset({"meta", "br", "hr", "col"})

#: Elements of SVG that are written short where they are empty.
_SHORT = frozenset({"path", "rect", "circle", "line", "use", "polyline", "polygon"})


class Markup(str):
    """Text that is markup already; any other text is escaped where it enters an element."""

    __slots__ = ()


def element(name: str, /, *children: str | Iterable[str], **attributes: str | float | None) -> Markup:
    """One element with its children and attributes.

    children: text, markup, or lists of them. attributes: ``cls`` stands for ``class``, ``_`` for ``-``; None is left
    out.

    >>> element("p", "a < b ", element("b", "c"), cls="note", data_x=1)
    '<p class="note" data-x="1">a &lt; b <b>c</b></p>'
    """
    written = "".join(
        f' {"class" if key == "cls" else key.rstrip("_").replace("_", "-")}="{html.escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    content = join(*children)
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    if name in _SHORT and not content:
        return Markup(f"<{name}{written}/>")
    return Markup(f"<{name}{written}>{content}</{name}>")


def join(*children: str | Iterable[str]) -> Markup:
    """Children one after the other, escaped where they are plain text.

    >>> join("a & ", [element("i", "b"), "c"])
    'a &amp; <i>b</i>c'
    """
    return Markup("".join(_safe(child) for child in children))


def _safe(child: str | Iterable[str]) -> str:
    if isinstance(child, Markup):
        return child
    if isinstance(child, str):
        return html.escape(child, quote=False)
    return "".join(_safe(part) for part in child)
