"""`jarvis settings check`."""

from pathlib import Path
from typing import Any

import click

from jarvis.cli.call import Call
from jarvis.cli.options import json_option
from jarvis.errors import InvalidInput, NotFound
from jarvis.settings import toml


@click.command("check")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@json_option
@click.pass_obj
def command(call: Call, path: Path) -> int:
    """Say what is wrong with a jarvis.toml, line by line.

    PATH is the file, or the folder that it lies in. No Jarvis is asked: what only the machine can say, such
    as whether a domain is free, the deploy says.

    \b
    Examples:
      jarvis settings check
      jarvis settings check ./shop --json
    """
    file = path / toml.FILE if path.is_dir() else path
    try:
        with file.open("rb") as opened:
            content = opened.read(toml.LARGEST + 1)
    except OSError as error:
        hint = "Name the file, or the folder that it lies in."
        raise NotFound(f"{file} cannot be read: {error.strerror}.", hint) from error
    try:
        toml.read(content)
    except InvalidInput as error:
        problems: list[dict[str, Any]] = error.facts.get("problems") or []
        if call.console.json or not problems:
            raise
        for one in problems:
            call.console.warn(f"{file}:{one['line']}: {one['message']}")
            if one["hint"]:
                call.console.warn(f"  → {one['hint']}")
        return 1
    if call.console.json:
        call.console.result({"file": str(file), "problems": []})
    else:
        call.console.say(f"{file} is right.")
    return 0
