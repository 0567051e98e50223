"""Handing in with the page's script: picking, dropping, broken connections, stopping, refusals."""

import hashlib
import random
import tarfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from breaking_proxy import breaking
from browser_lab import Visit
from caddy_lab import poll
from jarvis.cli.pack import scan
from models import Artifact, FileType
from web_lab import Site

MIB = 1024**2
FILES = (
    "index.html", "a.log", "keep.log", "dist/app.js", "sub/dist/app.js", "sub/a.log", "sub/keep.log",
    "sub/deep/a.tmp", "sub/deep/b.txt", "build/x/y.o", "docs/build/z", "foo/bar/baz.txt", "foo/baz.txt",
    "name with space.txt", "# odd", "!odd", "ä.log", "x/y/z/w.pyc", "x/y/keep.pyc", "tmp/1", "tmp/keep/2",
    ".hidden", ".git/config", "sub/.git/config", ".hg/x", "sub/.svn/y", ".DS_Store", "sub/.DS_Store",
)  # fmt: skip
RULES = {
    "nothing": {},
    "a line back": {".gitignore": "*.log\n!keep.log\n"},
    "a folder anywhere": {".gitignore": "dist/\n"},
    "folders at the top": {".gitignore": "/dist\n/build/\n"},
    "any depth": {".gitignore": "**/build\n"},
    "inside, but one": {".gitignore": "foo/**\n!foo/baz.txt\n"},
    "inside, but a folder": {".gitignore": "foo/*\n!foo/bar/\n"},
    "comments": {".gitignore": "# a comment\n\n\\# odd\n\\!odd\n"},
    "spaces": {".gitignore": "name with space.txt   \n"},
    "lines of Windows": {".gitignore": "*.log\r\ndist/\r\n"},
    "a class": {".gitignore": "*.py[co]\n!x/**/keep.pyc\n"},
    "not of a class": {".gitignore": "*.py[!c]\n[!a-k]eep.log\n[a-c].log\n"},
    "a kept folder": {".gitignore": "tmp/*\n!tmp/keep\n"},
    "one below": {".gitignore": "sub/*.log\n", "sub/.gitignore": "!a.log\n*.tmp\n"},
    "only ours": {".gitignore": "a.*\n", "sub/.gitignore": "!*\n", "x/.gitignore": "/y/z\n"},
    "paths": {".gitignore": "deep/b.txt\nsub/deep/b.txt\n"},
    "one sign": {".gitignore": "?eep.log\n"},
    "all but pages": {".gitignore": "*\n!*/\n!*.html\n"},
    "signs of expressions": {".gitignore": "a.lo+\n(x)\n*.l.g\n^a\n$\n{a,b}.log\n"},
    "above": {".gitignore": "dist/\n", "sub/.gitignore": "*.log\n",
              ".jarvisignore": "!/dist/\n!sub/keep.log\nindex.html\n"},
    "above and below": {".jarvisignore": "*.log\n", "sub/.gitignore": "!a.log\n",
                        "sub/.jarvisignore": "!k*\n"},
}  # fmt: skip


def tree(folder: Path, *more: dict[str, str]) -> Path:
    files: dict[str, str] = dict.fromkeys(FILES, "x")
    for extra in more:
        files |= extra
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return folder


def noise(file: Path, size: int, seed: int = 7) -> Path:
    file.write_bytes(random.Random(seed).randbytes(size))
    return file


def pick(page: Page, field: str, path: Path) -> None:
    page.set_input_files(field, path)


def landed(page: Page) -> str:
    """The id of the artifact whose page it is in the end."""
    expect(page.locator("#facts-title")).to_be_visible(timeout=100_000)
    key = page.url.rpartition("/")[2]
    return str(UUID(key))


def row(site: Site, key: str) -> Artifact:
    with site.database.get_session() as session:
        found = session.get_one(Artifact, UUID(key))
        session.expunge(found)
        return found


def stored(site: Site, key: str) -> Path:
    """Where the bytes of an artifact lie."""
    checksum = row(site, key).checksum_sha256
    (place,) = [path for path in (site.home / "artifacts").rglob(f"*{checksum}*") if path.is_file()]
    return place


def content(site: Site, key: str) -> dict[str, bytes]:
    """The files of an artifact that is a tar, by their names."""
    with tarfile.open(stored(site, key)) as archive:
        return {item.name: file.read() for item in archive if (file := archive.extractfile(item))}


def incoming(site: Site) -> list[str]:
    folder = site.home / "artifacts" / "incoming"
    return [path.name for path in folder.iterdir()] if folder.exists() else []


def gone(page: Page, site: Site, before: list[str]) -> bool:
    """Is there nothing that was not there before? Asking the page lets it go on in the meantime."""
    return page.evaluate("true") and set(incoming(site)) <= set(before)


def by_the_command_line(folder: Path) -> set[str]:
    return {entry.name for entry in scan(str(folder)).entries if not entry.name.endswith("/")}


def test_it_works(visit: Visit, site: Site, tmp_path: Path) -> None:
    page = visit.open("/artifacts")
    (tmp_path / "index.html").write_text("<p>picked")
    pick(page, "#file", tmp_path / "index.html")
    key = landed(page)
    expect(page.locator("h1")).to_have_text("index.html")
    assert stored(site, key).read_text() == "<p>picked"
    assert row(site, key).file_type is FileType.SINGLE_FILE


def test_a_folder_is_packed_as_it_is(visit: Visit, site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "my site ü"
    long = "/".join(["a-folder-with-a-name-of-some-length"] * 5)
    files = {
        "index.html": b"<p>1",
        "empty.txt": b"",
        "exactly.bin": bytes(512),
        "one-more.bin": bytes(513),
        f"{long}/page.html": b"<p>deep",
        f"{'x' * 99}": b"99",
        f"{'x' * 100}": b"100",
        f"{'x' * 101}": b"101",
        f"{'ü' * 60}.txt": b"umlauts",
        "日本語/ページ.html": b"<p>ja",
        "emoji 🙂.html": b"<p>:)",
        "a b'\"&<c>.html": b"<p>signs",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text)
    page = visit.open("/artifacts")
    pick(page, "#folder", folder)
    key = landed(page)
    expect(page.locator("h1")).to_have_text("my site ü")
    assert content(site, key) == files
    assert row(site, key).file_type is FileType.DIRECTORY
    with tarfile.open(stored(site, key)) as archive:
        names = archive.getnames()
    assert names == sorted(names, key=lambda name: name.encode("utf-16-be"))


@pytest.mark.parametrize("case", RULES)
def test_it_leaves_out_what_the_command_line_leaves_out(
    visit: Visit, site: Site, tmp_path: Path, case: str
) -> None:
    folder = tree(tmp_path / "site", RULES[case])
    page = visit.open("/artifacts")
    pick(page, "#folder", folder)
    assert set(content(site, landed(page))) == by_the_command_line(folder)


def test_a_folder_that_is_left_out_whole_is_not_sent(visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / ".gitignore").write_text("*\n")
    page = visit.open("/artifacts")
    pick(page, "#folder", tmp_path / "site")
    expect(page.get_by_role("status")).to_contain_text("all of it is left out by .gitignore")


def drop(page: Page, *paths: Path) -> None:
    """Let go of files of this machine above the page, as a hand would."""
    area = page.locator("#drop").bounding_box()
    assert area
    place = {"x": area["x"] + 20, "y": area["y"] + 20}
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    wire = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        wire.send("Input.dispatchDragEvent", {"type": kind, **place, "data": data})


def test_a_dropped_file_is_handed_in(visit: Visit, site: Site, tmp_path: Path) -> None:
    (tmp_path / "dropped.html").write_text("<p>dropped")
    page = visit.open("/artifacts")
    drop(page, tmp_path / "dropped.html")
    key = landed(page)
    assert stored(site, key).read_text() == "<p>dropped"


def test_a_dropped_folder_is_handed_in_whole(visit: Visit, site: Site, tmp_path: Path) -> None:
    folder = tree(tmp_path / "site", {".gitignore": "*.log\n", "sub/.gitignore": "!a.log\n"})
    for number in range(250):  # a browser gives a folder's entries a hundred at a time
        (folder / "foo" / f"{number}.txt").write_text("x")
    page = visit.open("/artifacts")
    drop(page, folder)
    key = landed(page)
    expect(page.locator("h1")).to_have_text("site")
    assert set(content(site, key)) == by_the_command_line(folder)


def test_several_dropped_things_become_one_folder(visit: Visit, site: Site, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>1")
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "a.css").write_text("x")
    page = visit.open("/artifacts")
    drop(page, tmp_path / "index.html", tmp_path / "css")
    key = landed(page)
    expect(page.locator("h1")).to_have_text("folder")
    assert content(site, key) == {"index.html": b"<p>1", "css/a.css": b"x"}


def test_an_upload_goes_on_after_a_broken_connection(browser: Browser, site: Site, tmp_path: Path) -> None:
    file = noise(tmp_path / "large.html", 20 * MIB)
    with breaking(site.port, [8 * MIB, 4 * MIB]) as line:
        visit = Visit(browser, site)
        visit.enter()
        page = visit.page
        page.goto(f"http://127.0.0.1:{line.port}/artifacts")
        pick(page, "#file", file)
        key = landed(page)
        visit.context.close()
    assert line.broken == 2
    assert row(site, key).checksum_sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert stored(site, key).stat().st_size == 20 * MIB


@pytest.fixture
def slow(visit: Visit) -> Visit:
    """A window whose line takes 1 MiB a second."""
    wire = visit.context.new_cdp_session(visit.page)
    wire.send("Network.enable")
    speed = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": MIB}
    wire.send("Network.emulateNetworkConditions", speed)
    return visit


def test_a_stopped_upload_leaves_nothing(slow: Visit, site: Site, tmp_path: Path) -> None:
    before = incoming(site)
    page = slow.open("/artifacts")
    pick(page, "#file", noise(tmp_path / "stopped.html", 30 * MIB))
    expect(page.locator("[data-part=amount]")).to_contain_text("MiB of 30.0 MiB", timeout=20_000)
    assert poll(lambda: len(incoming(site)) == len(before) + 1)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("status")).to_have_text("Stopped: nothing of it is kept.")
    assert poll(lambda: gone(page, site, before)), incoming(site)
    page.get_by_role("button", name="Back").click()
    expect(page.locator("#file")).to_be_visible()
    expect(page.locator("[data-part=sending]")).to_be_hidden()
    slow.faults = [fault for fault in slow.faults if "409" not in fault]  # it was still being written to


def test_after_stopping_something_else_can_be_handed_in(slow: Visit, site: Site, tmp_path: Path) -> None:
    page = slow.open("/artifacts")
    pick(page, "#file", noise(tmp_path / "stopped.html", 30 * MIB))
    expect(page.locator("[data-part=amount]")).to_contain_text("MiB of 30.0 MiB", timeout=20_000)
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Back").click()
    (tmp_path / "second.html").write_text("<p>second")
    pick(page, "#file", tmp_path / "second.html")
    assert stored(site, landed(page)).read_text() == "<p>second"
    slow.faults = [fault for fault in slow.faults if "409" not in fault]


def test_the_way_is_shown_while_it_is_sent(slow: Visit, tmp_path: Path) -> None:
    page = slow.open("/artifacts")
    pick(page, "#file", noise(tmp_path / "shown.html", 30 * MIB))
    bar = page.get_by_role("progressbar", name="Upload")
    expect(bar).to_have_attribute("max", str(30 * MIB))
    expect(page.get_by_role("status")).to_contain_text("a second", timeout=20_000)
    expect(page.get_by_role("status")).to_contain_text("s left")
    assert 0 < bar.evaluate("bar => bar.value") < 30 * MIB
    expect(page.locator("[data-part=name]")).to_have_text("shown.html")
    expect(page.locator("#file")).to_be_hidden()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Back")).to_be_visible()
    slow.faults = [fault for fault in slow.faults if "409" not in fault]


def test_a_refused_upload_shows_the_sentence_and_the_way_back(
    visit: Visit, site: Site, tmp_path: Path
) -> None:
    (tmp_path / "site.zip").write_text("this is no archive")
    page = visit.open("/artifacts")
    pick(page, "#file", tmp_path / "site.zip")
    expect(page.get_by_role("status")).to_contain_text("site.zip")
    expect(page.get_by_role("status")).not_to_contain_text("Jarvis answered with")
    page.get_by_role("button", name="Back").click()
    expect(page.locator("#folder")).to_be_visible()
    (tmp_path / "index.html").write_text("<p>after a refusal")
    pick(page, "#file", tmp_path / "index.html")
    assert stored(site, landed(page)).read_text() == "<p>after a refusal"
    visit.faults = [fault for fault in visit.faults if "422" not in fault]


def test_the_same_file_can_be_picked_again_after_a_refusal(visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "site.zip").write_text("this is no archive")
    page = visit.open("/artifacts")
    pick(page, "#file", tmp_path / "site.zip")
    page.get_by_role("button", name="Back").click()
    assert page.locator("#file").evaluate("input => input.files.length") == 0
    visit.faults = [fault for fault in visit.faults if "422" not in fault]


def test_an_empty_file_is_refused_with_a_sentence(visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "empty.html").touch()
    page = visit.open("/artifacts")
    pick(page, "#file", tmp_path / "empty.html")
    expect(page.get_by_role("status")).to_contain_text("The upload is empty.")
    visit.faults = [fault for fault in visit.faults if "422" not in fault]


@pytest.fixture
def narrow(database_url: str, tmp_path: Path) -> Iterator[Site]:
    """A Jarvis that takes few bytes."""
    site = Site(database_url, tmp_path)
    site.variables["JARVIS_UPLOAD_LIMIT"] = "100000"
    try:
        site.start()
        yield site
    finally:
        site.stop()
        site.database.close()


def test_what_is_too_large_is_refused_before_it_is_sent(
    browser: Browser, narrow: Site, tmp_path: Path
) -> None:
    visit = Visit(browser, narrow)
    visit.enter()
    page = visit.open("/artifacts")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    pick(page, "#file", noise(tmp_path / "large.html", 100_001))
    expect(page.get_by_role("status")).to_have_text("It has 97.7 KiB; at most 97.7 KiB are taken.")
    expect(page.get_by_role("button", name="Back")).to_be_visible()
    assert [one for one in asked if "/static/" not in one] == []
    visit.context.close()
    assert visit.faults == []


def test_a_session_that_ended_is_said(visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>x")
    page = visit.open("/artifacts")
    visit.context.clear_cookies()
    pick(page, "#file", tmp_path / "index.html")
    expect(page.get_by_role("status")).to_contain_text("needs an access token")
    visit.faults = [fault for fault in visit.faults if "401" not in fault]


def test_the_forms_have_their_buttons_only_without_a_script(browser: Browser, site: Site) -> None:
    for script in (True, False):
        visit = Visit(browser, site, java_script_enabled=script)
        visit.enter()
        visit.open("/artifacts")
        expect(visit.page.get_by_role("button", name="Hand in")).to_have_count(0 if script else 2)
        visit.context.close()
        assert visit.faults == []


def test_every_field_is_reached_with_the_keyboard(visit: Visit) -> None:
    page = visit.open("/artifacts")
    page.locator("main").focus()
    reached: list[str] = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", reached
    assert reached[:4] == ["file", "folder", "url", "ref"]
    assert reached[5] == "q"


def test_stopping_before_the_upload_has_an_address_leaves_nothing(
    visit: Visit, site: Site, tmp_path: Path
) -> None:
    before = incoming(site)
    page = visit.open("/artifacts")
    page.evaluate("""() => {
      const real = window.fetch;
      window.fetch = async (...words) => {
        const answer = await real(...words);
        if (words[1]?.method === "POST") await new Promise((good) => { window.goOn = good; });
        return answer;
      };
    }""")
    pick(page, "#file", noise(tmp_path / "early.html", 1000))
    assert poll(lambda: page.evaluate("Boolean(window.goOn)"))
    assert len(incoming(site)) == len(before) + 1
    page.get_by_role("button", name="Stop").click()
    page.evaluate("window.goOn()")
    expect(page.get_by_role("status")).to_have_text("Stopped: nothing of it is kept.")
    assert poll(lambda: gone(page, site, before)), incoming(site)


def test_what_still_is_written_to_is_taken_back_a_moment_later(
    visit: Visit, site: Site, tmp_path: Path
) -> None:
    before = incoming(site)
    refused: list[str] = []

    def busy(route: Route) -> None:
        if route.request.method == "DELETE" and not refused:
            refused.append(route.request.url)
            route.fulfill(status=409, content_type="application/problem+json", body="{}")
        elif route.request.method == "PATCH":
            pass  # it is on its way for ever
        else:
            route.continue_()

    page = visit.open("/artifacts")
    page.route("**/api/v1/uploads/*", busy)
    with page.expect_request(lambda request: request.method == "PATCH"):
        pick(page, "#file", noise(tmp_path / "busy.html", 1000))
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("status")).to_have_text("Stopped: nothing of it is kept.")
    assert poll(lambda: gone(page, site, before)), incoming(site)
    assert len(refused) == 1
    visit.faults = [fault for fault in visit.faults if "409" not in fault]


@pytest.mark.parametrize(("status", "goes_on"), [(408, True), (503, True), (507, False)])
def test_what_may_pass_is_tried_again_and_a_full_disk_is_said(
    visit: Visit, site: Site, tmp_path: Path, status: int, goes_on: bool
) -> None:
    told: list[int] = []

    def broken(route: Route) -> None:
        if route.request.method == "PATCH" and not told:
            told.append(status)
            body = '{"detail": "It did not work.", "hint": ""}'
            route.fulfill(status=status, content_type="application/problem+json", body=body)
        else:
            route.continue_()

    page = visit.open("/artifacts")
    page.route("**/api/v1/uploads/*", broken)
    file = noise(tmp_path / "again.html", 1000, seed=status)
    pick(page, "#file", file)
    if goes_on:
        assert stored(site, landed(page)).read_bytes() == file.read_bytes()
    else:
        expect(page.get_by_role("status")).to_have_text("It did not work.")
    assert told == [status]
    visit.faults = [fault for fault in visit.faults if str(status) not in fault]
