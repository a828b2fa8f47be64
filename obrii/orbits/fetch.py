"""Catalogues from CelesTrak, kept in a cache: asked for at most once in two hours, and never at run time.

CelesTrak is one person's gift to everybody. Its usage policy (T. S. Kelso, celestrak.org, 2026) asks programs to
download a group once per update, which is every two hours, and to stop and tell a human at any answer that is not the
data. So there is one request a call, no second try, no following of redirects, and an answer that is no catalogue is
remembered for as long as a catalogue would be.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import tempfile
import time
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

import numpy as np

from obrii.errors import DataError, ScenarioError, nearest
from obrii.orbits import catalog
from obrii.orbits.catalog import OMM_JSON, UNCHANGED, Catalog
from obrii.orbits.element_sets import shown
from obrii.timegrid import instant

#: Where groups of satellites are asked for, and who is thanked for them.
CELESTRAK = "https://celestrak.org/NORAD/elements/gp.php"
ATTRIBUTION = "CelesTrak (celestrak.org), Dr. T. S. Kelso"

#: Groups of satellite internet; CelesTrak has many others, which are asked for by its own names.
GROUPS = {"starlink": "Starlink", "oneweb": "Eutelsat OneWeb", "kuiper": "Amazon Leo, formerly Project Kuiper"}

#: Least time between two requests for a group [s]. CelesTrak updates its data once in two hours.
INTERVAL_S = 7_200.0

#: Longest wait for an answer, and between two parts of it [s]; the whole answer may take ten times that (assumption).
TIMEOUT_S = 30.0

#: No answer is longer [bytes]: all objects in orbit are some 10 MB of OMM as JSON (assumption: ten times that).
LARGEST_ANSWER = 100_000_000

_GROUP = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}", re.ASCII)


@dataclass(frozen=True)
class Fetched:
    """A catalogue in the cache.

    path: OMM as JSON; catalog: what it holds; fetched_at: when it was downloaded, UTC; age_s: how long ago; from_cache:
    whether it was there before; attribution: whom to thank; notice: why it is not newer, None where it just came.
    """

    path: Path
    catalog: Catalog
    fetched_at: np.datetime64
    age_s: float
    from_cache: bool
    attribution: str
    notice: str | None


def default_cache() -> Path:
    """The folder of catalogues of this user, in XDG_CACHE_HOME where that names an absolute path, else in ~/.cache."""
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (named if named.is_absolute() else Path.home() / ".cache") / "obrii" / "celestrak"


def cached(group: str, cache: Path) -> Path:
    """The file of a group that was fetched before; nothing is asked of the network.

    Raises ScenarioError where there is none.
    """
    path = _path(group, cache)
    if not path.is_file():
        raise ScenarioError(f"celestrak:{group}: no such catalogue in {cache}; run `obrii fetch {group}` first")
    return path


def fetch(
    group: str,
    *,
    cache: Path,
    url: str = CELESTRAK,
    now: np.datetime64 | None = None,
    opener: OpenerDirector | None = None,
    timeout_s: float = TIMEOUT_S,
) -> Fetched:
    """The newest catalogue of a group: from the cache within two hours, or where the network is not there.

    group: one of `GROUPS`, or any GROUP that CelesTrak knows; cache: folder, made where it is not there; url: of the
    query, without its parameters; now: UTC; opener: how to open an address, with proxies and the like; timeout_s:
    longest wait for an answer. Raises ScenarioError for a group that cannot be, a folder that cannot be written, or a
    network that is not there and no cache; DataError where the answer is no catalogue.
    """
    path = _path(group, cache)
    now = np.datetime64("now", "s") if now is None else now.astype("datetime64[s]")
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ScenarioError(f"{cache}: {error.strerror}; give a folder that can be written as the cache") from None
    known = _known(path, now)
    if known is not None and 0.0 <= known.age_s < INTERVAL_S:
        return _with_notice(known, f"it is asked for at most once in {_span(INTERVAL_S)}")
    refusal = _refusal(path, now)
    if refusal:
        return _refused(known, refusal, group)

    address = f"{url}?{urlencode({'GROUP': group, 'FORMAT': 'json'})}"
    try:
        status, body, target = _ask(address, opener or build_opener(_NoRedirect), timeout_s)
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = f"{address} could not be reached ({_why(error)})"
        if known is None:
            raise ScenarioError(
                f"{reason} and {cache} holds no catalogue of {group}; try again with a network"
            ) from None
        return _with_notice(known, reason)
    found, refusal = _judged(status, body, target, address, now)
    if found is None:
        _write(_refusal_path(path), json.dumps({"asked_at": instant(now), "refusal": refusal}, indent=2).encode())
        return _refused(known, refusal, group)
    source = {"group": group, "url": address, "fetched_at": instant(now), "attribution": ATTRIBUTION}
    _write(path, body)
    _write(_source_path(path), json.dumps({**source, "satellites": len(found)}, indent=2).encode())
    _refusal_path(path).unlink(missing_ok=True)
    return Fetched(path, replace(found, source=str(path)), now, 0.0, False, ATTRIBUTION, None)


class _NoRedirect(HTTPRedirectHandler):
    """Leaves a redirect as the answer: by the policy it means that the address is wrong."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _path(group: str, cache: Path) -> Path:
    if not _GROUP.fullmatch(group):
        raise ScenarioError(f"group '{group}': give letters, digits and dashes, such as {', '.join(GROUPS)}")
    return cache / f"{group.lower()}.json"


def _source_path(path: Path) -> Path:
    return path.with_suffix(".source.json")


def _refusal_path(path: Path) -> Path:
    return path.with_suffix(".refused.json")


def _known(path: Path, now: np.datetime64) -> Fetched | None:
    """What the cache holds; None where there is nothing, or nothing that can be read."""
    try:
        held = catalog.read(path)
        fetched_at = _instant(_source_path(path), "fetched_at")
        if fetched_at is None:
            # Put there by hand: as old as the file.
            fetched_at = np.datetime64(int(path.stat().st_mtime), "s")
    except (OSError, ScenarioError, DataError):
        return None
    return Fetched(path, held, fetched_at, float((now - fetched_at) / np.timedelta64(1, "s")), True, ATTRIBUTION, None)


def _refusal(path: Path, now: np.datetime64) -> str:
    """What was answered in place of a catalogue within the last two hours, or nothing."""
    asked_at = _instant(_refusal_path(path), "asked_at")
    if asked_at is None or not 0.0 <= (now - asked_at) / np.timedelta64(1, "s") < INTERVAL_S:
        return ""
    return str(_said(_refusal_path(path)).get("refusal", ""))


def _instant(path: Path, key: str) -> np.datetime64 | None:
    try:
        found = np.datetime64(str(_said(path)[key]).removesuffix("Z"), "s")
    except (KeyError, ValueError):
        return None
    return None if np.isnat(found) else found


def _said(path: Path) -> dict[str, Any]:
    """What a file beside a catalogue says; nothing where it cannot be read."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _with_notice(known: Fetched, reason: str) -> Fetched:
    notice = f"{known.path.stem}: from the cache, downloaded {_span(known.age_s)} ago, because {reason}"
    return replace(known, notice=notice)


def _refused(known: Fetched | None, refusal: str, group: str) -> Fetched:
    """The catalogue that is known where the answer was that there is no newer one; else an error that shows it."""
    if known is not None and UNCHANGED in refusal:
        return _with_notice(known, refusal)
    kept = "nothing is stored" if known is None else f"the catalogue of {instant(known.fetched_at)} stays in the cache"
    hint = nearest(group, GROUPS) if group not in GROUPS else ""
    raise DataError(f"{refusal}; {kept}, and {group} is not asked for again within {_span(INTERVAL_S)}{hint}")


def _ask(address: str, opener: OpenerDirector, timeout_s: float) -> tuple[int, bytes, str]:
    """Status, body, and where a redirect leads, of one request."""
    headers = {"User-Agent": f"obrii/{version('obrii')}", "Accept": "application/json"}
    until = time.monotonic() + 10.0 * timeout_s
    try:
        with opener.open(Request(address, headers=headers), timeout=timeout_s) as response:
            return response.status, _body(response, until), ""
    except HTTPError as error:
        with error:
            return error.code, _body(error.fp, until), error.headers.get("Location") or ""


def _body(response: Any, until: float) -> bytes:
    """A whole body, part by part as it comes, so that one that drips or does not end is given up."""
    body = bytearray()
    while part := response.peek(1):
        body += response.read(len(part))
        if time.monotonic() > until:
            raise TimeoutError("the answer takes too long")
        if len(body) > LARGEST_ANSWER:
            raise http.client.HTTPException(f"the answer is longer than {LARGEST_ANSWER:,} bytes")
    if response.length:
        raise http.client.HTTPException("the answer is cut off")
    return bytes(body)


def _judged(status: int, body: bytes, target: str, address: str, now: np.datetime64) -> tuple[Catalog | None, str]:
    """The catalogue that was answered, or None and what was answered instead."""
    try:
        found = catalog.parse(body, address)
        problem = address if found.form == OMM_JSON else f"{address}: {found.form}; expected {OMM_JSON}"
    except DataError as error:
        found, problem = None, str(error)
    if found is not None and found.form == OMM_JSON and status == http.HTTPStatus.OK:
        return found, ""
    sent = f" to {shown(target)}" if target else ""
    return None, f"{problem} (HTTP {status}{sent}, asked at {instant(now)})"


def _why(error: Exception) -> str:
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    return shown(getattr(cause, "strerror", None) or str(cause) or type(cause).__name__)


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise ScenarioError(f"{path}: {error.strerror}; give a folder that can be written as the cache") from None


def _span(seconds: float) -> str:
    """A time as people say it, in the largest unit that fits twice.

    >>> _span(7200.0), _span(90.0), _span(300_000.0)
    ('2 hours', '90 s', '3 days')
    """
    for unit, length in (("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0)):
        if seconds >= 2.0 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
