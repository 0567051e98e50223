"""The pages of docs/reference, made from the code: settings, commands, operations, jarvis.toml."""

import json
import sys
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import click

from app import OPERATIONS as NOUNS
from config import Settings, variable
from jarvis.analysis.corrected import CHECKS
from jarvis.api.openapi import document
from jarvis.cli import jarvis
from jarvis.settings import keys
from jarvis.settings.schema import schema

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
MADE = "<!-- Written by script/reference: change the code, then run it again. -->"
NO_FIXED_DEFAULT = {"home": "`$XDG_DATA_HOME/jarvis`, else `~/.local/share/jarvis`"}
"""Defaults that differ from person to person, in words."""

SETTINGS = """
Every setting is an environment variable, read once when a process starts. A value that cannot be used stops
the start; the message names the variable.

Each variable `NAME` may also be given as `NAME_FILE`: the path of a file that holds the value. That keeps
secrets out of the environment. Setting both `NAME` and `NAME_FILE` is refused. An empty value is no value.

`jarvis up` writes the secrets it hands to its own processes into files of mode 0600 below `JARVIS_HOME`.
"""
COMMANDS = """
What each command says with `--help`. From a checkout, `./jarvis` is the command.

Every command that does something has `--json`, which prints one line of JSON a result and nothing else.
Exit codes: 0 for success, 1 for a failure, 2 for a wrong use, 130 after Ctrl-C. Options can be given as the
variables that the help names. The access token is never an option; it comes from `JARVIS_TOKEN`,
`JARVIS_TOKEN_FILE`, or the file in `JARVIS_HOME`.
"""
OPERATIONS = """
A running Jarvis shows the same for people at `/api/docs`, with fields and examples, and as OpenAPI 3.1 at
`/api/openapi.json`. Both can be read without a token.

Send the access token as `Authorization: Bearer TOKEN`. *viewer* may look; *admin* may change things. Lists
take `limit` and `cursor`; the member `next` of an answer is the cursor of the following page. Work that takes
time is answered with 202 and a `workflow_id`; `GET /api/v1/workflows/{id}/events` tells how it goes, and as a
live stream when `Accept: text/event-stream` is sent. Every error is `application/problem+json` (RFC 9457)
with `detail` (what was wrong), `hint` (what to do next) and `code` (for programs).

Besides the API there are `/healthz` (the process lives) and `/readyz` (the database answers too), both open
to anyone, and `/metrics` (counts for Prometheus; *viewer*).
"""

SERVICE = """
What a service can be told of how it runs, the same in `jarvis.toml`, by `jarvis settings set`, on the page
and in the API. [Settings of a service](../settings.md) says how they work together. For editors there is a
[JSON Schema](jarvis.toml.schema.json) of the file.
"""


def settings() -> str:
    """docs/reference/settings.md."""
    lines = [MADE, "# Settings", SETTINGS, "| Variable | Default | Meaning |", "| --- | --- | --- |"]
    for item in fields(Settings):
        facts = item.metadata
        notes = [facts["about"]]
        if item.type is int and facts["high"] < 2**63:
            notes.append(f"From {facts['low']} to {facts['high']}.")
        if facts["secret"]:
            notes.append("Secret: give it as a file.")
        default = NO_FIXED_DEFAULT.get(item.name) if item.default is MISSING else _default(item.default)
        lines.append(f"| `{variable(item.name)}` | {default} | {' '.join(notes)} |")
    return "\n".join(lines) + "\n"


def _default(value: Any) -> str:
    return f"`{value}`" if value != "" else "empty"


def commands(
    command: click.Command = jarvis, parent: click.Context | None = None, name: str = "jarvis"
) -> Iterator[tuple[str, str]]:
    """Every command and what it says with --help, 80 columns wide."""
    given = command.context_settings if parent is None else {}
    context = click.Context(command, parent=parent, info_name=name, terminal_width=80, **given)
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                yield from commands(found, context, child)


def cli() -> str:
    """docs/reference/cli.md."""
    parts = [MADE, "# Commands", COMMANDS]
    for path, told in commands():
        parts.append(f"## `{path}`\n\n```text\n{told.rstrip()}\n```\n")
    return "\n".join(parts)


def api() -> str:
    """docs/reference/api.md."""
    book = document()
    parts = [MADE, "# API", OPERATIONS]
    for tag in [noun.__name__.rpartition(".")[2] for noun in NOUNS]:
        parts += [f"## {tag.capitalize()}\n", "| Method | Path | Role | What it does | Query |"]
        parts.append("| --- | --- | --- | --- | --- |")
        for path, methods in book["paths"].items():
            mine = ((method, item) for method, item in methods.items() if item["tags"] == [tag])
            parts += [_operation(path, method, item) for method, item in mine]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _operation(path: str, method: str, item: dict[str, Any]) -> str:
    query = ", ".join(f"`{each['name']}`" for each in item["parameters"] if each["in"] == "query")
    return f"| {method.upper()} | `{path}` | {item['x-jarvis-role']} | {item['summary']} | {query or '-'} |"


def service_settings() -> str:
    """docs/reference/jarvis-toml.md."""
    lines = [
        MADE,
        "# Keys of jarvis.toml",
        SERVICE,
        "| Key | What it does | Example |",
        "| --- | --- | --- |",
    ]
    for key in keys.KEYS:
        words = f" One of {', '.join(f'`{word}`' for word in key.words)}." if key.words else ""
        lines.append(f"| `{key.name}` | {key.help}{words} | `{key.example}` |")
    lines += ["", "Of these there may be several, each a table of its own (`[[volumes]]`):", ""]
    lines += ["| Table | What it is | Members | On the command line |", "| --- | --- | --- | --- |"]
    for table in keys.TABLES:
        members = {table.by: True, **table.members}
        named = ", ".join(f"`{name}`{'' if needed else ' (or not)'}" for name, needed in members.items())
        lines.append(f"| `{table.name}` | {table.help} | {named} | `{table.example}` |")
    lines += [
        "",
        "Two tables more may stand in the file. `[env]` says what the programs find in their environment:",
    ]
    lines += [
        "[Environment](../environment.md#from-the-project). `[build]` says better what the analysis finds:"
    ]
    lines += [", ".join(f"`{name.replace('_', '-')}`" for name in CHECKS) + "."]
    return "\n".join(lines) + "\n"


def toml_schema() -> str:
    """docs/reference/jarvis.toml.schema.json."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


PAGES = {
    "settings.md": settings,
    "cli.md": cli,
    "api.md": api,
    "jarvis-toml.md": service_settings,
    "jarvis.toml.schema.json": toml_schema,
}


def main() -> None:
    """Write the pages, or compare them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    stale: list[str] = []
    for name, make in PAGES.items():
        file, text = FOLDER / name, make()
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                file.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv:
        sys.exit(f"docs/reference is not what the code says: {', '.join(stale)}. Run script/reference.")
    print("docs/reference " + (f"written: {', '.join(stale)}" if stale else "is as the code says"))


if __name__ == "__main__":
    main()
