"""Catalogues from a server that misbehaves: what is kept, what is said, and how often it is asked.

The server is a local one. Its answers are those of CelesTrak, as people who met them have written them down, and worse.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from obrii.errors import DataError, ScenarioError
from obrii.orbits import fetch as fetching
from obrii.orbits.catalog import read
from obrii.orbits.fetch import ATTRIBUTION, GROUPS, Fetched, cached, default_cache, fetch
from tests.orbits.misbehaving_server import Server

NOW = np.datetime64("2026-06-01T12:00:00")
HOUR = np.timedelta64(1, "h")

NOT_UPDATED = (
    b"GP data has not updated since your last successful\ndownload of GROUP=starlink at 2026-06-01 12:00:00 UTC.\n"
    b"Data is updated once every 2 hours.\n"
)


def catalogue(*numbers: int, epoch: str = "2026-06-01T06:00:00.000000") -> bytes:
    message = {
        "OBJECT_ID": "2026-001A", "EPOCH": epoch, "MEAN_MOTION": 15.05491, "ECCENTRICITY": 0.0001, "INCLINATION": 53.0,
        "RA_OF_ASC_NODE": 10.0, "ARG_OF_PERICENTER": 90.0, "MEAN_ANOMALY": 270.0, "BSTAR": 0.0001,
    }  # fmt: skip
    return json.dumps(
        [message | {"OBJECT_NAME": f"SAT {number}", "NORAD_CAT_ID": number} for number in numbers]
    ).encode()


GOOD = catalogue(99_001, 100_001)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")
    made = Server()
    thread = threading.Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.goes()
    thread.join()


@pytest.fixture
def ask(server: Server, tmp_path: Path) -> Callable[..., Fetched]:
    """Fetch from the local server into a folder of the test, some hours after the first time."""

    def fetched(hours: float = 0.0, group: str = "starlink", timeout_s: float = 5.0) -> Fetched:
        now = NOW + np.timedelta64(round(hours * 3600), "s")
        return fetch(group, cache=tmp_path / "cache", url=server.url, now=now, timeout_s=timeout_s)

    return fetched


Ask = Callable[..., Fetched]


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted((folder / "cache").iterdir())}


def test_a_catalogue_is_stored_as_it_came_with_date_address_and_attribution(
    server: Server, ask: Ask, tmp_path: Path
) -> None:
    server.says(GOOD)
    found = ask()
    assert found.path == tmp_path / "cache" / "starlink.json" == cached("starlink", tmp_path / "cache")
    assert found.path.read_bytes() == GOOD
    assert (found.fetched_at, found.age_s, found.from_cache, found.notice) == (NOW, 0.0, False, None)
    assert (found.attribution, found.catalog.source) == (ATTRIBUTION, str(found.path))
    assert found.catalog.elements.catalogue_id.tolist() == [99_001, 100_001]
    assert len(read(found.path)) == 2
    assert json.loads((tmp_path / "cache" / "starlink.source.json").read_text()) == {
        "group": "starlink",
        "url": f"{server.url}?GROUP=starlink&FORMAT=json",
        "fetched_at": "2026-06-01T12:00:00Z",
        "attribution": "CelesTrak (celestrak.org), Dr. T. S. Kelso",
        "satellites": 2,
    }
    assert sorted(files(tmp_path)) == ["starlink.json", "starlink.source.json"]
    assert server.asked == ["/NORAD/elements/gp.php?GROUP=starlink&FORMAT=json"]
    assert server.agents[0].startswith("obrii/")


def test_a_group_is_asked_for_at_most_once_in_two_hours(server: Server, ask: Ask) -> None:
    server.says(GOOD)
    ask()
    server.says(catalogue(99_002))
    for hours in (0.0, 0.5, 1.999):
        found = ask(hours)
        assert (found.from_cache, found.age_s, len(found.catalog)) == (True, round(hours * 3600), 2)
        assert str(found.notice).endswith("ago, because it is asked for at most once in 2 hours")
    assert len(server.asked) == 1
    assert ask(0.5).notice == (
        "starlink: from the cache, downloaded 30 minutes ago, because it is asked for at most once in 2 hours"
    )
    found = ask(2.0)
    assert (found.from_cache, found.age_s, found.catalog.elements.catalogue_id.tolist()) == (False, 0.0, [99_002])
    assert ask(2.0, group="oneweb").from_cache is False
    assert len(server.asked) == 3


ANSWERS: dict[str, tuple[bytes, int, str]] = {
    "a web page": (b"<!DOCTYPE html>\n<html></html>", 200, "but a web page that begins '<!DOCTYPE html>'"),
    "forbidden": (b"Forbidden: too many\nrequests", 403, "but text that begins 'Forbidden: too many'"),
    "an error": (b"Internal Server Error", 500, "but text that begins 'Internal Server Error'"),
    "an error with a catalogue": (GOOD, 503, "gp.php?GROUP=starlink&FORMAT=json (HTTP 503, asked"),
    "cut JSON": (GOOD[:-40], 200, "JSON that is malformed or cut off at column"),
    "other JSON": (b'{"error": "slow down"}', 200, "JSON that begins '{\"error\": \"slow down\"}' and is not OMM"),
    "an empty list": (b"[]", 200, "an empty list; expected at least one satellite"),
    "nothing": (b"", 200, "but nothing at all"),
    "no content": (b"", 204, "but nothing at all"),
    "binary": (b"\x1f\x8b\x08\x00", 200, "but a gzip archive, to be unpacked first"),
    "unknown group": (
        b'Invalid query: "GROUP=starlink&FORMAT=json" (GROUP=starlink not found)', 200, "it knows no such group"
    ),
    "no data": (b"No GP data found", 404, "it has no satellites of that query"),
    "element lines": (
        b"1 99001U 22001A   22276.50000000  .00000000  00000+0  10000-3 0  9991\n"
        b"2 99001  53.0000  10.0000 0001000  90.0000 270.0000 15.05491000    15\n",
        200,
        "two-line element sets; expected OMM as JSON",
    ),
    "absurd": (GOOD.replace(b"15.05491", b"99.0"), 200, "only 0 of 2 element sets can be used"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_that_is_no_catalogue_is_shown_and_nothing_is_stored(
    server: Server, ask: Ask, tmp_path: Path, kind: str
) -> None:
    body, status, shown = ANSWERS[kind]
    server.says(body, status)
    with pytest.raises(DataError) as refused:
        ask()
    sentence = str(refused.value)
    assert sentence.startswith(server.url)
    assert shown in sentence
    assert f"(HTTP {status}, asked at 2026-06-01T12:00:00Z); nothing is stored, and starlink is not asked" in sentence
    assert list(files(tmp_path)) == ["starlink.refused.json"]
    with pytest.raises(ScenarioError, match="run `obrii fetch starlink` first"):
        cached("starlink", tmp_path / "cache")


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_good_catalogue_is_never_overwritten_by_another_answer(
    server: Server, ask: Ask, tmp_path: Path, kind: str
) -> None:
    server.says(GOOD)
    ask()
    before = files(tmp_path)
    body, status, shown = ANSWERS[kind]
    server.says(body, status)
    with pytest.raises(DataError) as refused:
        ask(3.0)
    assert shown in str(refused.value)
    assert "; the catalogue of 2026-06-01T12:00:00Z stays in the cache, and starlink is not" in str(refused.value)
    after = files(tmp_path)
    assert after.pop("starlink.refused.json")
    assert after == before
    assert len(read(cached("starlink", tmp_path / "cache"))) == 2


def test_a_refusal_is_repeated_for_two_hours_without_asking_and_then_forgotten(
    server: Server, ask: Ask, tmp_path: Path
) -> None:
    server.says(b"Forbidden", 403)
    sentences = set()
    for hours in (0.0, 0.1, 1.9):
        with pytest.raises(DataError) as refused:
            ask(hours)
        sentences.add(str(refused.value))
    assert len(sentences) == len(server.asked) == 1
    server.says(GOOD)
    assert ask(2.0).from_cache is False
    assert sorted(files(tmp_path)) == ["starlink.json", "starlink.source.json"]


@pytest.mark.parametrize("status", [200, 403])
def test_that_nothing_is_newer_is_a_notice_where_there_is_a_catalogue(server: Server, ask: Ask, status: int) -> None:
    server.says(GOOD)
    ask()
    server.says(NOT_UPDATED, status)
    for hours in (2.5, 3.0):
        found = ask(hours)
        assert (found.from_cache, found.age_s, len(found.catalog)) == (True, hours * 3600, 2)
        assert "GP data has not updated since your last successful download of GROUP=starlink" in str(found.notice)
    assert len(server.asked) == 2


def test_that_nothing_is_newer_is_refused_where_there_is_no_catalogue(server: Server, ask: Ask) -> None:
    server.says(NOT_UPDATED, 403)
    with pytest.raises(
        DataError, match=r"nothing is newer than what this address has downloaded; .* nothing is stored"
    ):
        ask()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(server: Server, ask: Ask, status: int) -> None:
    server.says(b"Moved", status, Location="/elsewhere")
    with pytest.raises(DataError, match=rf"\(HTTP {status} to /elsewhere, asked at"):
        ask()
    assert len(server.asked) == 1


BROKEN: dict[str, tuple[Callable[[Server], None], str]] = {
    "silent": (lambda server: server.waits(), "no answer in time"),
    "dripping": (lambda server: server.drips(GOOD, pause_s=0.01), "no answer in time"),
    "cut": (lambda server: server.says(GOOD, length=2 * len(GOOD)), "the answer is cut off"),
    "hanging up": (lambda server: server.hangs_up(), "Remote end closed connection without response"),
    "endless": (lambda server: server.says(catalogue(*range(100))), "the answer is longer than 10,000 bytes"),
    "no HTTP": (lambda server: server.speaks_no_http(), "hello"),
    "gone": (lambda server: server.goes(), "Connection refused"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_without_a_network_the_cache_serves_and_says_how_old_it_is(
    server: Server, ask: Ask, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LARGEST_ANSWER", 10_000)
    server.says(GOOD)
    ask()
    before = files(tmp_path)
    breaks, reason = BROKEN[kind]
    timeout_s = 0.05 if reason == "no answer in time" else 5.0
    breaks(server)
    found = ask(72.0, timeout_s=timeout_s)
    assert (found.from_cache, found.age_s, found.fetched_at, len(found.catalog)) == (True, 259_200.0, NOW, 2)
    assert str(found.notice).startswith("starlink: from the cache, downloaded 3 days ago, because http://127.0.0.1:")
    assert str(found.notice).endswith(f"could not be reached ({reason})")
    assert files(tmp_path) == before
    with pytest.raises(ScenarioError) as refused:
        ask(72.0, group="oneweb", timeout_s=timeout_s)
    assert f"could not be reached ({reason}) and {tmp_path / 'cache'} holds no catalogue of oneweb" in str(
        refused.value
    )
    assert files(tmp_path) == before


def test_an_address_that_is_none_is_no_network(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="could not be reached"):
        fetch("starlink", cache=tmp_path, url="nowhere", now=NOW)


def test_a_spoilt_cache_is_asked_for_again(server: Server, ask: Ask) -> None:
    server.says(GOOD)
    ask().path.write_bytes(GOOD[:100])
    found = ask(0.1)
    assert (found.from_cache, found.path.read_bytes()) == (False, GOOD)


@pytest.mark.parametrize("said", [b"", b"{", b"[]", b"{}", b'{"fetched_at": "soon"}', b'{"fetched_at": "NaT"}', None])
def test_a_catalogue_put_there_by_hand_is_as_old_as_its_file(
    server: Server, ask: Ask, tmp_path: Path, said: bytes | None
) -> None:
    path = tmp_path / "cache" / "starlink.json"
    path.parent.mkdir()
    path.write_bytes(GOOD)
    if said is not None:
        path.with_name("starlink.source.json").write_bytes(said)
    seconds = int((NOW - np.datetime64("1970-01-01")) / np.timedelta64(1, "s")) - 600
    os.utime(path, (seconds, seconds))
    found = ask()
    assert (found.from_cache, found.age_s, server.asked) == (True, 600.0, [])


def test_a_name_that_is_nearly_a_group_is_suggested(server: Server, ask: Ask) -> None:
    server.says(b'Invalid query: "GROUP=startlink&FORMAT=json" (GROUP=startlink not found)')
    with pytest.raises(DataError, match=r"it knows no such group; .*; did you mean 'starlink'\?$"):
        ask(group="startlink")


@pytest.mark.parametrize("group", ["", "..", "a/b", "starlink&FORMAT=tle", "a.b", "star link", "-x", "ü", "x" * 65])
def test_a_group_that_cannot_be_is_refused_before_anything_is_asked(server: Server, ask: Ask, group: str) -> None:
    with pytest.raises(ScenarioError, match="give letters, digits and dashes, such as starlink, oneweb, kuiper"):
        ask(group=group)
    with pytest.raises(ScenarioError, match="give letters"):
        cached(group, Path())
    assert server.asked == []


def test_names_of_groups_differ_by_case_only_in_the_query(server: Server, ask: Ask, tmp_path: Path) -> None:
    server.says(GOOD)
    assert ask(group="iridium-NEXT").path.name == "iridium-next.json"
    assert cached("Iridium-next", tmp_path / "cache") == tmp_path / "cache" / "iridium-next.json"
    assert server.asked == ["/NORAD/elements/gp.php?GROUP=iridium-NEXT&FORMAT=json"]
    assert list(GROUPS) == ["starlink", "oneweb", "kuiper"]


def test_a_cache_that_cannot_be_a_folder_is_refused_before_anything_is_asked(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for cache in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(ScenarioError, match="give a folder that can be written as the cache"):
            fetch("starlink", cache=cache, url=server.url, now=NOW)
    assert server.asked == []


def test_a_write_that_fails_leaves_the_old_catalogue_and_no_rubbish(
    server: Server, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.says(GOOD)
    ask()
    before = files(tmp_path)
    server.says(catalogue(99_002))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ScenarioError, match="No space left on device; give a folder that can be written"):
        ask(3.0)
    assert files(tmp_path) == before


def test_a_run_reads_the_cache_and_never_the_network(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        cached("starlink", tmp_path)
    assert str(refused.value) == (
        f"celestrak:starlink: no such catalogue in {tmp_path}; run `obrii fetch starlink` first"
    )


def test_the_cache_of_a_user_follows_the_standard_of_its_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "obrii" / "celestrak"
    for ignored in ("", "relative/folder"):
        monkeypatch.setenv("XDG_CACHE_HOME", ignored)
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        assert default_cache() == tmp_path / "home" / ".cache" / "obrii" / "celestrak"
