"""Release folders."""

import hashlib
import shutil
from pathlib import Path

import pytest

from jarvis.builds import release as releases
from jarvis.builds.release import MARKER, Release, is_hidden, make, read_manifest, renew_times

LONG_AGO = 1_000_000_000 * 10**9


def tree(folder: Path, **files: str) -> dict[str, str]:
    """Files by name (`__` stands for a slash); returns path → checksum."""
    made: dict[str, str] = {}
    for name, content in files.items():
        path = name.replace("__", "/").replace("_", ".")
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
        made[path] = hashlib.sha256(content.encode()).hexdigest()
    return made


class Builder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, name: str, previous: str = "", root: str = "", **files: str) -> Release:
        source = self.folder / f"tree-{name}"
        source.mkdir(exist_ok=True)
        made = tree(source, **files)
        before = self.path(previous) if previous else None
        return make(source, root, made, self.path(name), marker=name, previous=before)

    def path(self, name: str) -> Path:
        return self.folder / "releases/shop" / name

    def time(self, name: str, file: str) -> int:
        return (self.path(name) / file).stat().st_mtime_ns


@pytest.fixture
def build(tmp_path: Path) -> Builder:
    return Builder(tmp_path)


def test_it_works(build: Builder) -> None:
    made = build("one", index_html="<p>1", a__b_css="b")
    assert (build.path("one") / "a/b.css").read_text() == "b"
    assert (build.path("one") / MARKER).read_text() == "one"
    assert set(made.files) == {"index.html", "a/b.css"}
    assert read_manifest(build.path("one")) == made.files
    assert made.left_out == ()


def test_the_list_of_files_cannot_be_asked_for(build: Builder) -> None:
    build("one", index_html="1")
    inside = {str(path.relative_to(build.path("one"))) for path in build.path("one").rglob("*")}
    assert inside == {"index.html", ".well-known", MARKER}


def test_a_finished_release_is_left_as_it_is(build: Builder) -> None:
    first = build("one", index_html="1")
    stamp = build.time("one", "index.html")
    again = build("one", index_html="1")
    assert again == first
    assert build.time("one", "index.html") == stamp


def test_what_was_cut_off_just_before_the_end_is_made_again(
    build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", cut)
        with pytest.raises(KeyboardInterrupt):
            build("one", index_html="1", _git__config="secret", a__b_txt="b")
    assert not build.path("one").exists()
    files = {"index.html": "x", ".git/config": "y", "a/b.txt": "z"}
    made = make(build.folder / "tree-one", "", files, build.path("one"), marker="one", previous=None)
    assert made.left_out == (".git/config",)
    assert (build.path("one") / "a/b.txt").read_text() == "b"


def test_hidden_files_stay_out(build: Builder) -> None:
    made = build("one", index_html="1", _env="secret", _git__config="secret", a___b="secret")
    assert made.left_out == (".env", ".git/config", "a/.b")
    assert [
        path for path in build.path("one").rglob("*") if path.is_file() and "secret" in path.read_text()
    ] == []
    assert not (build.path("one") / ".git").exists()


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("a/b.css", False),
        (".env", True),
        ("a/.env", True),
        (".git/config", True),
        (".well-known/security.txt", False),
        (".well-known/.env", True),
        ("a/.well-known/x", True),
        ("..a", True),
        ("a.b/c", False),
        (".well-known", True),
    ],
)
def test_a_dot_hides(path: str, hidden: bool) -> None:
    assert is_hidden(path) is hidden


@pytest.mark.parametrize("path", [".well-known", MARKER, f"{MARKER}/x"])
def test_an_artifact_cannot_stand_where_the_mark_goes(tmp_path: Path, path: str) -> None:
    source = tmp_path / "tree"
    (source / path).parent.mkdir(parents=True)
    (source / path).write_text("forged")
    (source / "index.html").write_text("1")
    made = make(
        source,
        "",
        {"index.html": "a", path: "b"},
        tmp_path / "releases/one",
        marker="one",
        previous=None,
    )
    assert (tmp_path / "releases/one" / MARKER).read_text() == "one"
    assert made.left_out == (path,)
    assert set(read_manifest(tmp_path / "releases/one")) == {"index.html"}


def test_a_file_that_did_not_change_keeps_its_time(build: Builder) -> None:
    build("one", index_html="1", a_css="same")
    releases.os.utime(build.path("one") / "a.css", ns=(LONG_AGO, LONG_AGO))
    build("two", previous="one", index_html="2", a_css="same")
    assert build.time("two", "a.css") == LONG_AGO
    assert build.time("two", "index.html") > build.time("one", "index.html")


def test_a_file_that_moved_is_new(build: Builder) -> None:
    build("one", index_html="1", a_css="same")
    releases.os.utime(build.path("one") / "a.css", ns=(LONG_AGO, LONG_AGO))
    build("two", previous="one", index_html="1", b_css="same")
    assert build.time("two", "b.css") != LONG_AGO


def test_a_release_before_that_lost_its_files_or_list_does_not_matter(build: Builder) -> None:
    build("one", index_html="1")
    shutil.rmtree(build.path("one"))
    build("two", previous="one", index_html="1")
    releases.manifest_path(build.path("two")).unlink()
    build("three", previous="two", index_html="1")
    assert (build.path("three") / "index.html").read_text() == "1"


def test_only_the_root_is_served(build: Builder) -> None:
    made = build("one", root="dist", package_json="{}", dist__index_html="1", dist__a__b_css="2")
    assert set(made.files) == {"index.html", "a/b.css"}
    assert not (build.path("one") / "package.json").exists()


def test_going_back_renews_what_differs_and_only_that(build: Builder) -> None:
    build("one", index_html="1", same_css="same", old_css="old")
    build("two", previous="one", index_html="2", same_css="same")
    for file in ("index.html", "same.css", "old.css"):
        releases.os.utime(build.path("one") / file, ns=(LONG_AGO, LONG_AGO))
    renew_times(build.path("one"), build.path("two"))
    assert build.time("one", "same.css") == LONG_AGO
    assert build.time("one", "index.html") > build.time("two", "index.html")
    assert build.time("one", "old.css") > LONG_AGO


def test_the_proxy_may_enter_the_release(build: Builder) -> None:
    build("one", index_html="1")
    assert build.path("one").stat().st_mode & 0o777 == 0o755


def test_files_with_rules_are_no_pages_and_marks_say_how_it_is_answered(tmp_path: Path) -> None:
    source, release = tmp_path / "tree", tmp_path / "releases/shop/one"
    source.mkdir()
    files: dict[str, str] = {}
    for name in ("index.html", "_redirects", "_headers", "docs/_redirects"):
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_text(name)
        files[name] = name
    made = make(
        source, "", files, release, marker="one", previous=None, clean=True, rules='{"service": "shop"}'
    )
    assert set(made.files) == {"index.html", "docs/_redirects"}
    assert made.left_out == ()
    assert {entry.name for entry in release.iterdir() if entry.is_file()} == {
        "index.html",
        ".jarvis-clean",
        ".jarvis-rules",
    }
    assert (release / ".jarvis-rules").read_text() == '{"service": "shop"}'
