"""A folder that is walked once and read a little."""

from pathlib import Path

import pytest

from grove import plant
from jarvis.analysis import tree as trees
from jarvis.analysis.tree import Tree
from jarvis.analysis.yamls import load


def test_it_works(tmp_path: Path):
    tree = plant(tmp_path, {"b/c/d.py": "x", "a.py": "one\ntwo\n", "b/a.py": "", "node_modules/m/a.py": ""})
    assert tree.files == ("a.py", "b/a.py", "b/c/d.py")
    assert (tree.top, tree.folders) == (("a.py",), {"b", "b/c"})
    assert (tree.others, tree.sizes["a.py"], "a.py" in tree, "c.py" in tree) == (
        ["node_modules"],
        8,
        True,
        False,
    )
    assert (tree.line_of("a.py", "two"), tree.line_of("a.py", "three")) == (2, None)


def test_files_are_found_by_name_and_ending(tmp_path: Path):
    tree = plant(tmp_path, {"z/a.py": "", "b.PY": "", "a.py": "", "c.rb": ""})
    assert tree.named("a.py") == ["a.py", "z/a.py"]
    assert tree.named("a.py", "c.rb", depth=0) == ["a.py", "c.rb"]
    assert tree.ending(".py") == ["a.py", "b.PY", "z/a.py"]
    assert tree.ending(".py", ".rb", depth=0) == ["a.py", "b.PY", "c.rb"]
    assert (tree.named("none"), tree.ending(".none"), tree.first("x", "c.rb")) == ([], [], "c.rb")


def test_a_list_that_was_changed_by_one_is_whole_for_the_next(tmp_path: Path):
    tree = plant(tmp_path, {"a.py": "", "b.py": ""})
    tree.ending(".py").clear()
    tree.named("a.py").clear()
    assert len(tree.ending(".py")) == 2
    assert len(tree.named("a.py")) == 1


def test_a_folder_within_is_seen_as_if_it_were_alone(tmp_path: Path):
    tree = plant(
        tmp_path,
        {"a/b/x.json": '{"n": 1}', "a/y": "", "a-b/z": "", "a0/z": "", "a/node_modules/m": "", "x.json": ""},
    )
    inner = tree.under("a").under("b/")
    assert (inner.files, inner.prefix, inner.json("x.json")) == (("x.json",), "a/b/", {"n": 1})
    assert tree.under("a").files == ("y", "b/x.json")
    assert tree.under("a").others == ["node_modules"]
    assert tree.under("") is tree
    assert tree.under("gone").files == ()
    assert tree.json("x.json") == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ('// x\n{"a": "//b", /* c\n */ "d": [1, 2,],}', {"a": "//b", "d": [1, 2]}),
        ("[1]", {}),
        ("", {}),
        ("{" * 5000, {}),
        ('"\\' * 50_000, {}),
        ('"' * 100_000, {}),
        ("/*" * 100_000, {}),
        ('{"a": ' + "9" * 5000 + "}", {}),
    ],
)
def test_json(tmp_path: Path, text: str, value: object):
    assert plant(tmp_path, {"a.json": text}).json("a.json") == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b = 1", {"a": {"b": 1}}),
        ("a = [", {}),
        ("a." * 100_000, {}),
        ("[" + "a . " * 50_000, {}),
        ("0" * 200_000, {}),
        ("a = " + "[" * 5000, {}),
    ],
)
def test_toml(tmp_path: Path, text: str, value: object):
    assert plant(tmp_path, {"a.toml": text}).toml("a.toml") == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: &x {b: 1}\nc: {<<: *x, d: 2}", {"a": {"b": 1}, "c": {"b": 1, "d": 2}}),
        ("a: 1\n---\nb: 2", {}),
        ("- a", {}),
        ("a: {", {}),
        ("[" * 100_000, {}),
        ("{a: " * 50_000, {}),
        ("- " * 60_000, {}),
        ("? " * 60_000, {}),
        ("a: !!int ''", {}),
        ("a: !!bool x", {}),
        ("a: !!timestamp x", {}),
        ("a: 2026-99-99", {}),
        ("a: !!python/object/apply:os.getcwd []", {}),
        ("a: " + "x" * 200_000, {}),
    ],
)
def test_yaml(tmp_path: Path, text: str, value: object):
    assert plant(tmp_path, {"a.yml": text}).yaml("a.yml") == value


def test_mappings_that_grow_without_end_are_refused():
    lines = ["a0: &a0 {" + ", ".join(f"k{n}: 1" for n in range(20)) + "}"]
    lines += [f"a{n}: &a{n}\n  <<: [{', '.join([f'*a{n - 1}'] * 20)}]" for n in range(1, 12)]
    with pytest.raises(ValueError, match="too many entries"):
        load("\n".join(lines))
    with pytest.raises(ValueError, match="too many mappings"):
        load("a: &a {b: 1}\nc:\n  <<: [" + ", ".join(["*a"] * 21) + "]")


def test_a_little_is_read_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trees, "READ_AT_MOST", 4)
    monkeypatch.setattr(trees, "READ_TOGETHER", 6)
    tree = plant(tmp_path, {"a": "abcdefgh", "b": "abcdefgh", "c": "abc"})
    assert [tree.text(name) for name in "abca"] == ["abcd", "ab", "", "abcd"]


def test_what_is_no_text_is_empty(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"a\0b")
    (tmp_path / "b").write_bytes(b"\xff\xfeh\0i\0")
    (tmp_path / "c").write_bytes(b"\xef\xbb\xbfa\r\nb\xff")
    (tmp_path / "d").symlink_to("a")
    tree = Tree(tmp_path)
    assert [tree.text(name) for name in "abcde"] == ["", "hi", "a\nb�", "", ""]
    assert [tree.begins(name, b"a") for name in "abcde"] == [True, False, False, False, False]
    assert tree.links == {"d"}
