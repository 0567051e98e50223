"""Links of a site: right after every way a run can die."""

import os
import tempfile
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jarvis.errors import Conflict, NotFound
from jarvis.proxy.site import current_release, hosts_of, publish, unpublish


class Killed(BaseException):
    """The process died here."""


@contextmanager
def dying(step: int, *, before: bool) -> Generator[list[str]]:
    """Let the process die before or after the given call that touches the disk (counted from 1)."""
    calls: list[str] = []
    kept = {name: getattr(os, name) for name in ("mkdir", "symlink", "unlink", "replace", "rmdir", "fsync")}

    def trap(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **named: Any) -> Any:
            if len(calls) >= step:
                raise Killed
            calls.append(name)
            if before and len(calls) == step:
                raise Killed
            result = real(*words, **named)
            if len(calls) == step:
                raise Killed
            return result

        return call

    for name, real in kept.items():
        setattr(os, name, trap(name, real))
    try:
        yield calls
    except Killed:
        pass
    finally:
        for name, real in kept.items():
            setattr(os, name, real)


def release(home: Path, service: str, name: str) -> Path:
    folder = home / "releases" / service / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(f"{service} {name}")
    return folder


def seen(www: Path, host: str) -> str | None:
    """What a visitor of this host would read."""
    try:
        return (www / "sites" / host / "current" / "index.html").read_text()
    except FileNotFoundError:
        return None


def drafts(www: Path) -> list[Path]:
    return list(www.rglob("*.new"))


def test_it_works(tmp_path: Path):
    www = tmp_path / "www"
    publish(www, service="blog", hosts=["blog.example", "b.example"], release=release(tmp_path, "blog", "d1"))
    assert seen(www, "blog.example") == seen(www, "b.example") == "blog d1"
    assert current_release(www, "blog") == "d1"
    assert hosts_of(www, "blog") == ["b.example", "blog.example"]
    assert drafts(www) == []


def test_the_links_are_relative_so_that_the_home_can_move(tmp_path: Path):
    old, new = tmp_path / "old", tmp_path / "new"
    publish(old / "www", service="blog", hosts=["b.example"], release=release(old, "blog", "d1"))
    old.rename(new)
    assert seen(new / "www", "b.example") == "blog d1"
    assert (new / "www/sites/b.example").readlink() == Path("../services/blog")
    assert (new / "www/services/blog/current").readlink() == Path("../../../releases/blog/d1")


def test_publishing_again_changes_nothing(tmp_path: Path):
    www = tmp_path / "www"
    folder = release(tmp_path, "blog", "d1")
    before: dict[Path, int] = {}
    for _ in range(2):
        publish(www, service="blog", hosts=["b.example"], release=folder)
        before = before or {path: path.lstat().st_ino for path in www.rglob("*")}
    assert {path: path.lstat().st_ino for path in www.rglob("*")} == before


def test_a_switch_and_the_way_back(tmp_path: Path):
    www = tmp_path / "www"
    for name in ("d1", "d2", "d1"):
        publish(www, service="blog", hosts=["b.example"], release=release(tmp_path, "blog", name))
        assert seen(www, "b.example") == f"blog {name}"


def test_hosts_that_are_no_longer_wanted_go_and_others_stay(tmp_path: Path):
    www = tmp_path / "www"
    publish(www, service="shop", hosts=["shop.example"], release=release(tmp_path, "shop", "d1"))
    publish(www, service="blog", hosts=["a.example", "b.example"], release=release(tmp_path, "blog", "d1"))
    publish(www, service="blog", hosts=["b.example"], release=release(tmp_path, "blog", "d1"))
    assert hosts_of(www, "blog") == ["b.example"]
    assert hosts_of(www, "shop") == ["shop.example"]


def test_a_host_moves_to_another_service(tmp_path: Path):
    www = tmp_path / "www"
    publish(www, service="old", hosts=["a.example"], release=release(tmp_path, "old", "d1"))
    publish(www, service="new", hosts=["a.example"], release=release(tmp_path, "new", "d1"))
    assert seen(www, "a.example") == "new d1"
    assert hosts_of(www, "old") == []
    unpublish(www, service="old")
    assert seen(www, "a.example") == "new d1"


def test_unpublishing_leaves_the_releases(tmp_path: Path):
    www = tmp_path / "www"
    folder = release(tmp_path, "blog", "d1")
    publish(www, service="blog", hosts=["a.example"], release=folder)
    for _ in range(2):
        unpublish(www, service="blog")
        assert seen(www, "a.example") is None
        assert current_release(www, "blog") is None
    assert not (www / "services/blog").exists()
    assert (folder / "index.html").exists()


def test_asking_about_what_was_never_there(tmp_path: Path):
    assert current_release(tmp_path, "blog") is None
    assert hosts_of(tmp_path, "blog") == []
    unpublish(tmp_path, service="blog")


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "/a", "../a", ".a", "a.", "A", "a\\b", "a\x00", "a\n", "ä"]
)
def test_no_name_leads_out_of_its_folder(tmp_path: Path, name: str):
    folder = release(tmp_path, "blog", "d1")
    with pytest.raises(ValueError, match="folder of links"):
        publish(tmp_path / "www", service=name, hosts=[], release=folder)
    with pytest.raises(ValueError, match="folder of links"):
        publish(tmp_path / "www", service="blog", hosts=["a.example", name], release=folder)
    for ask in (current_release, hosts_of):
        with pytest.raises(ValueError, match="folder of links"):
            ask(tmp_path / "www", name)
    with pytest.raises(ValueError, match="folder of links"):
        unpublish(tmp_path / "www", service=name)
    assert not (tmp_path / "www").exists()


def test_a_release_of_somebody_else_is_refused(tmp_path: Path):
    for folder in (release(tmp_path, "shop", "d1"), tmp_path / "releases" / "blog", tmp_path):
        with pytest.raises(ValueError, match="not a release of blog"):
            publish(tmp_path / "www", service="blog", hosts=[], release=folder)


def test_a_release_that_is_gone_is_not_switched_to(tmp_path: Path):
    www = tmp_path / "www"
    publish(www, service="blog", hosts=["a.example"], release=release(tmp_path, "blog", "d1"))
    with pytest.raises(NotFound, match="d2 of blog is gone"):
        publish(www, service="blog", hosts=["a.example"], release=tmp_path / "releases/blog/d2")
    assert seen(www, "a.example") == "blog d1"


def test_what_is_not_a_link_is_not_replaced(tmp_path: Path):
    www = tmp_path / "www"
    (www / "sites/a.example").mkdir(parents=True)
    with pytest.raises(Conflict, match="not a link"):
        publish(www, service="blog", hosts=["a.example"], release=release(tmp_path, "blog", "d1"))


def test_the_longest_name_of_a_host_has_room(tmp_path: Path):
    host = ".".join(["a" * 63] * 3 + ["b" * 61])
    publish(tmp_path / "www", service="blog", hosts=[host], release=release(tmp_path, "blog", "d1"))
    assert len(host) == 253
    assert seen(tmp_path / "www", host) == "blog d1"


def test_a_visitor_never_meets_a_gap(tmp_path: Path):
    www = tmp_path / "www"
    folders = [release(tmp_path, "blog", name) for name in ("d1", "d2")]
    publish(www, service="blog", hosts=["a.example"], release=folders[0])
    gaps: list[str | None] = []
    done = threading.Event()

    def visit() -> None:
        while not done.is_set():
            page = seen(www, "a.example")
            if page not in {"blog d1", "blog d2"}:
                gaps.append(page)

    visitor = threading.Thread(target=visit)
    visitor.start()
    for turn in range(200):
        publish(www, service="blog", hosts=["a.example"], release=folders[turn % 2])
    done.set()
    visitor.join()
    assert gaps == []


def test_death_at_every_single_step_of_a_first_publish_and_of_a_switch():
    for start in (None, "d1"):
        for before in (True, False):
            step, finished = 1, False
            while not finished:
                with tempfile.TemporaryDirectory() as folder:
                    finished = _die_then_repair(Path(folder), start, step, before=before)
                step += 1
            assert step > 5


def _die_then_repair(home: Path, start: str | None, step: int, *, before: bool) -> bool:
    www, hosts = home / "www", ["a.example", "b.example"]
    if start is not None:
        publish(www, service="blog", hosts=["a.example", "c.example"], release=release(home, "blog", start))
    new = release(home, "blog", "d2")
    finished = False
    with dying(step, before=before) as calls:
        publish(www, service="blog", hosts=hosts, release=new)
        finished = len(calls) < step
    allowed = {"blog d2", f"blog {start}" if start else None}
    assert seen(www, "a.example") in allowed
    assert current_release(www, "blog") in {"d2", start}
    publish(www, service="blog", hosts=hosts, release=new)
    assert [seen(www, host) for host in (*hosts, "c.example")] == ["blog d2", "blog d2", None]
    assert drafts(www) == []
    return finished


RUN = st.tuples(
    st.sampled_from(["blog", "shop"]),
    st.sampled_from(["d1", "d2", "d3", None]),
    st.lists(st.sampled_from(["a.example", "b.example", "c.example"]), unique=True, max_size=3),
    st.integers(1, 25),
    st.booleans(),
)


@settings(max_examples=60, deadline=None, database=None)
@given(st.lists(RUN, min_size=1, max_size=8))
def test_however_runs_die_a_host_shows_a_whole_release_or_nothing(runs: list[Any]):
    with tempfile.TemporaryDirectory() as folder:
        home, www = Path(folder), Path(folder) / "www"
        folders = {(s, d): release(home, s, d) for s in ("blog", "shop") for d in ("d1", "d2", "d3")}
        whole = {f"{s} {d}" for s, d in folders} | {None}
        for service, name, hosts, step, before in runs:
            served = current_release(www, service)
            with dying(step, before=before):
                if name is None:
                    unpublish(www, service=service)
                else:
                    publish(www, service=service, hosts=hosts, release=folders[service, name])
            assert {seen(www, host) for host in ("a.example", "b.example", "c.example")} <= whole
            assert current_release(www, service) in {served, name}
        service, name, hosts, _, _ = runs[-1]
        publish(www, service=service, hosts=hosts, release=folders[service, name or "d1"])
        assert {seen(www, host) for host in hosts} <= {f"{service} {name or 'd1'}"}
        assert hosts_of(www, service) == sorted(hosts)


def test_the_links_of_other_services_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    www = tmp_path / "www"
    publish(www, service="shop", hosts=["a.example", "b.example"], release=release(tmp_path, "shop", "r1"))
    read: list[str] = []
    real = os.readlink
    monkeypatch.setattr(os, "readlink", lambda path: read.append(str(path)) or real(path))
    monkeypatch.setattr(Path, "iterdir", lambda _: pytest.fail("no folder is read through"))
    for number in range(20):
        (www / "sites" / f"other{number}.example").symlink_to("../services/other")
    publish(www, service="shop", hosts=["b.example"], release=release(tmp_path, "shop", "r2"))
    assert hosts_of(www, "shop") == ["b.example"]
    assert not [path for path in read if "sites/other" in path]
    unpublish(www, service="shop")
    assert hosts_of(www, "shop") == []


def test_the_hosts_of_a_service_without_a_list_are_found(tmp_path: Path):
    www = tmp_path / "www"
    publish(www, service="shop", hosts=["a.example", "b.example"], release=release(tmp_path, "shop", "r1"))
    (www / "services/shop/hosts").unlink()  # as an older Jarvis left it
    assert hosts_of(www, "shop") == ["a.example", "b.example"]
    publish(www, service="shop", hosts=["a.example"], release=release(tmp_path, "shop", "r2"))
    assert hosts_of(www, "shop") == ["a.example"]
    assert not (www / "sites/b.example").exists()
