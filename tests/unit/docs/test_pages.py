"""What the pages promise is there: files, headings, commands, reasons."""

import re
import tomllib
from pathlib import Path

import click
import pytest

import pages
from jarvis import __version__
from jarvis.cli import jarvis

PAGES = pages.markdown()
PROJECT = tomllib.loads((pages.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read(words: list[str]) -> None:
    """Parse `words` as the command line would; placeholders such as FOLDER are as good as any value.

    Raises:
        click.UsageError: There is no such command or option.
    """
    command: click.Command = jarvis
    context = click.Context(command, info_name="jarvis", **command.context_settings)
    while True:
        _, words, _ = command.make_parser(context).parse_args(args=list(words))
        if not isinstance(command, click.Group) or not words:
            return
        found = command.get_command(context, words[0])
        if found is None:
            raise click.UsageError(f"There is no command {words[0]}.")
        command, context, words = found, click.Context(found, parent=context, info_name=words[0]), words[1:]


def test_it_works() -> None:
    assert {"README.md", "ARCHITECTURE.md", "docs/README.md", "docs/reference/cli.md"} <= set(
        map(pages.name, PAGES)
    )


@pytest.mark.parametrize("page", PAGES, ids=pages.name)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for link in pages.links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        assert target.is_relative_to(pages.ROOT), f"{link} leads out of the project"
        assert not anchor or anchor in pages.anchors(target), f"{link} has no such heading"


@pytest.mark.parametrize("page", PAGES, ids=pages.name)
def test_every_command_of_jarvis_can_be_typed(page: Path) -> None:
    for words in pages.commands(page, "./jarvis"):
        try:
            read(words)
        except click.UsageError as error:
            pytest.fail(f"./jarvis {' '.join(words)}: {error.format_message()}")


@pytest.mark.parametrize("words", [["deploi"], ["deploy", "x", "--nonsense"], ["workflows", "wach", "x"]])
def test_a_command_that_is_not_there_would_be_seen(words: list[str]) -> None:
    with pytest.raises(click.UsageError):
        read(words)


def test_the_readme_begins_with_the_command_that_is_measured_and_tested() -> None:
    first, *_ = pages.commands(pages.ROOT / "README.md", "./jarvis")
    assert first == ["deploy", "examples/static-site", "--domain", "hello.localhost"]
    assert (pages.ROOT / first[1] / "index.html").is_file()


@pytest.mark.parametrize("page", PAGES, ids=pages.name)
def test_every_script_that_is_named_is_there(page: Path) -> None:
    for name in re.findall(r"`(?:\./)?(script/[\w-]+)", page.read_text(encoding="utf-8")):
        assert (pages.ROOT / name).is_file(), name


def test_every_dependency_has_its_reason() -> None:
    page = (pages.ROOT / "docs/decisions/dependencies.md").read_text(encoding="utf-8")
    reasons = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+?) \|", page, re.MULTILINE))
    named = {re.split(r"[<>=~! ]", line)[0] for line in PROJECT["dependencies"]}
    assert set(reasons) == named
    assert all(reasons.values())


def test_every_decision_is_in_the_index() -> None:
    folder = pages.ROOT / "docs/decisions"
    written = {file.name for file in folder.glob("*.md")} - {"README.md"}
    assert set(pages.links(folder / "README.md")) == written


def test_the_newest_change_is_of_this_version() -> None:
    changes = (pages.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\S+)", changes, re.MULTILINE)
    assert versions[0] == __version__
    assert len(set(versions)) == len(versions)


def test_the_licence_is_the_one_that_is_declared() -> None:
    text = (pages.ROOT / "LICENSE").read_text(encoding="utf-8")
    assert PROJECT["license"] == "Apache-2.0"
    assert text.split()[:4] == ["Apache", "License", "Version", "2.0,"]
    assert "END OF TERMS AND CONDITIONS" in text
