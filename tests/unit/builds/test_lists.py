"""Which lists alone decide what is fetched."""

import json
from pathlib import Path
from typing import Any

import pytest

from jarvis.builds import lists

PIP = ("pip", "install", "-r", "requirements.txt")


def test_it_works(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("# ours\nflask==3.1.2 # web\n-r more/dev.txt\n-c limits.txt\n")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "dev.txt").write_text("\ufeffpytest>=8 ; python_version > '3.8'\n", "utf-8")
    (tmp_path / "limits.txt").write_text("jinja2<4\n")
    assert lists.of_pip(tmp_path, PIP) == {"requirements.txt", "more/dev.txt", "limits.txt"}
    assert lists.of_pip(tmp_path, (*PIP, "--no-cache-dir", "gunicorn[gevent]==23.0")) is not None


@pytest.mark.parametrize(
    "line",
    [
        "-e .",
        "--editable=.",
        "./vendor/thing",
        "/srv/thing.whl",
        "thing @ file:///srv/thing",
        "thing @ git+https://example.com/thing",
        "-r ../outside.txt",
        "-r missing.txt",
        "-r https://example.com/list.txt",
        "--find-links wheels",
    ],
)
def test_a_line_that_leads_elsewhere_decides_too(tmp_path: Path, line: str) -> None:
    (tmp_path / "requirements.txt").write_text(f"flask\n{line}\n")
    assert lists.of_pip(tmp_path, PIP) is None


@pytest.mark.parametrize(
    "words",
    [
        ("pip", "install", "."),
        ("pip", "install", "-r", "requirements.txt", "./local"),
        ("pip", "install", "-r", "requirements.txt", "--target", "lib"),
        ("pip", "download", "-r", "requirements.txt"),
        ("/bin/sh", "-c", "pip install -r requirements.txt"),
    ],
)
def test_a_command_that_takes_more_is_left_alone(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "requirements.txt").write_text("flask\n")
    assert lists.of_pip(tmp_path, words) is None


def test_a_list_that_is_a_link_is_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("flask\n")
    (tmp_path / "requirements.txt").symlink_to("real.txt")
    assert lists.of_pip(tmp_path, PIP) is None


def manifest(folder: Path, **members: Any) -> Path:
    (folder / "package.json").write_text(json.dumps({"name": "shop", **members}))
    return folder


@pytest.mark.parametrize("words", [("npm", "ci"), ("npm", "install", "--omit=dev"), ("yarn",), ("pnpm", "i")])
def test_packages_of_node(tmp_path: Path, words: tuple[str, ...]) -> None:
    manifest(
        tmp_path, dependencies={"ms": "^2.1.3", "a": "1 - 2 || >=3", "b": "npm:c@1"}, scripts={"start": "x"}
    )
    (tmp_path / "package-lock.json").write_text("{}")
    assert lists.of_node(tmp_path, words) == {"package.json", "package-lock.json"}


@pytest.mark.parametrize(
    "members",
    [
        {"workspaces": ["a"]},
        {"scripts": {"postinstall": "node make.js"}},
        {"dependencies": {"a": "file:../a"}},
        {"devDependencies": {"a": "someone/repository"}},
        {"dependencies": {"a": "https://example.com/a.tgz"}},
        {"dependencies": {"@prisma/client": "6.0.0"}},
        {"dependencies": {"a": {"version": "1"}}},
    ],
)
def test_packages_of_node_that_read_more(tmp_path: Path, members: dict[str, Any]) -> None:
    assert lists.of_node(manifest(tmp_path, **members), ("npm", "ci")) is None


@pytest.mark.parametrize(
    "words", [("npm", "run", "x"), ("npm", "ci", "a"), ("bower", "install"), ("npx", "x")]
)
def test_other_commands_of_node(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert lists.of_node(manifest(tmp_path), words) is None


def test_a_broken_manifest_decides_nothing(tmp_path: Path) -> None:
    for text in ("{", "[]", "\udcff".encode("utf-8", "surrogateescape").decode("latin-1")):
        (tmp_path / "package.json").write_text(text)
        assert lists.of_node(tmp_path, ("npm", "ci")) is None
