"""Nothing that a compose file takes over lies outside of the artifact."""

from pathlib import Path

import pytest

from jarvis.analysis.yamls import load
from jarvis.errors import InvalidInput
from jarvis.runtimes.compose import source

WEB = "services: {web: {image: web, %s}}"


def write(tree: Path, **files: str) -> Path:
    for name, text in files.items():
        path = tree / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tree / "compose"


def test_it_works(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        compose="include: [sub/other, {path: [third], env_file: x.env}]\n"
        "services: {web: {image: x, env_file: [a.env, {path: b.env, required: false}],"
        " extends: {file: base, service: b}}, db: {extends: {service: web}, label_file: l}}",
        sub__other="services: {a: {image: a, env_file: ../a.env}}",
        third="services: {}",
        base="services: {b: {image: b}}",
    )
    names = {path.name for path in source.check(tmp_path, file, load)}
    assert names == {"compose", "other", "third", "base"}


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("env_file: /etc/passwd", "services.web.env_file"),
        ("env_file: [../../secret.env]", "services.web.env_file"),
        ("env_file: [{path: /etc/passwd}]", "services.web.env_file"),
        ("env_file: '${HOME}/x.env'", "services.web.env_file"),
        ("env_file: 7", "services.web.env_file"),
        ("label_file: /etc/passwd", "services.web.label_file"),
        ("extends: {file: /etc/x.yaml, service: x}", "services.web.extends"),
        ("extends: {file: 'https://example.com/x.yaml', service: x}", "services.web.extends"),
        ("extends: {file: 'oci://example.com/x', service: x}", "services.web.extends"),
        ("extends: {file: 'git@example.com:x.git', service: x}", "services.web.extends"),
        ("provider: {type: touch}", "provider"),
    ],
)
def test_a_file_that_is_not_handed_in_is_refused(tmp_path: Path, said: str, key: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        source.check(tmp_path, write(tmp_path, compose=WEB % said), load)
    assert caught.value.facts["key"] == key


@pytest.mark.parametrize(
    "said",
    [
        "[/etc/compose.yaml]",
        "['https://example.com/x.git']",
        "['oci://example.com/x']",
        "[{path: ../other.yaml}]",
        "[{path: x, env_file: /etc/passwd}]",
        "[{path: x, project_directory: /etc}]",
        "['${WHERE}']",
    ],
)
def test_an_include_from_elsewhere_is_refused(tmp_path: Path, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        source.check(tmp_path, write(tmp_path, compose=f"include: {said}\nservices: {{}}", x=""), load)
    assert caught.value.facts["key"].startswith("include")


def test_what_a_file_takes_over_is_looked_at_too(tmp_path: Path) -> None:
    file = write(
        tmp_path, compose="include: [sub/a]", sub__a="include: [b]", sub__b=WEB % "env_file: /etc/passwd"
    )
    with pytest.raises(InvalidInput, match="env_file is “/etc/passwd”"):
        source.check(tmp_path, file, load)


def test_a_link_to_elsewhere_is_refused(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    file = write(tree, compose=WEB % "env_file: a.env")
    (tree / "a.env").symlink_to("/etc/passwd")
    with pytest.raises(InvalidInput, match="not in what was handed in"):
        source.check(tree, file, load)


def test_files_in_a_circle_end(tmp_path: Path) -> None:
    file = write(tmp_path, compose="include: [other]", other="include: [compose]")
    assert len(source.check(tmp_path, file, load)) == 2


@pytest.mark.parametrize("text", ["- a\n- b\n", "a: [", "\x00", "just words"])
def test_what_is_no_compose_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput):
        source.check(tmp_path, write(tmp_path, compose=text), load)
