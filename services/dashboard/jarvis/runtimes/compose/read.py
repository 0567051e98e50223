"""A compose file as docker-compose understands it: one document, with everything filled in."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from jarvis.errors import InvalidInput
from jarvis.runtimes.compose import command

Json = dict[str, Any]

TIMEOUT = 60.0
MISSING = re.compile(r'The \\?"([^"\\]+)\\?" variable is not set')
NO_ENV_FILE = re.compile(r"env file (\S+) not found")
REQUIRED = re.compile(r"required variable (\S+) is missing a value(?:: (.*))?")


def read(service: str, tree: Path, file: Path, variables: Mapping[str, str]) -> Json:
    """The whole document. Nothing is asked of Docker.

    Args:
        service: Whose file it is.
        tree: The unpacked artifact.
        file: The compose file in it, which was checked by `source`.
        variables: Of the service; they stand above those of the `.env` beside the file.

    Raises:
        InvalidInput: It is wrong, or uses a variable that nobody set.
        CommandFailed: docker-compose did not end in time.
    """
    done = command.run(
        f"jarvis-{service}",
        file,
        "config",
        "--format",
        "json",
        variables=variables,
        timeout=TIMEOUT,
        check=False,
    )
    missing = list(dict.fromkeys(MISSING.findall(done.err)))
    if found := REQUIRED.search(done.err):
        said = f" It says of it: {found[2].strip()}." if found[2] else ""
        raise _unset(service, [found[1]], file.relative_to(tree), said)
    if missing:  # first: what else is wrong may come from it
        raise _unset(service, missing, file.relative_to(tree), "")
    if done.code != 0:
        lines = [line for line in done.err.strip().splitlines() if not line.startswith("time=")]
        if found := NO_ENV_FILE.search(done.err):
            name = found[1].replace(f"{tree}/", "")
            raise InvalidInput(
                f"{file.relative_to(tree)} reads variables from {name}, which is not in what was handed in.",
                f"Write {{path: {name}, required: false}} below env_file, and set what it held: "
                f"jarvis env set {service} NAME=VALUE.",
                {"missing_file": name},
            )
        why = (lines[-1] if lines else f"code {done.code}").replace(f"{tree}/", "").rstrip(".")
        raise InvalidInput(
            f"{file.relative_to(tree)} is wrong: {why[:500]}.",
            "Try it with: docker compose config",
            {"output": lines[-20:]},
        )
    return cast("Json", _plain(json.loads(done.out)))


def _unset(service: str, names: list[str], file: Path, said: str) -> InvalidInput:
    many = len(names) > 1
    values = " ".join(f"{name}=VALUE" for name in names)
    return InvalidInput(
        f"{file} uses the variable{'s' if many else ''} {', '.join(names)}, which "
        f"{'are' if many else 'is'} not set.{said}",
        f"Set {'them' if many else 'it'}: jarvis env set {service} {values}. "
        f"Or give {'them defaults' if many else 'it a default'} in the file. "
        "A $ that begins no variable is written $$.",
        {"missing": names},
    )


def _plain(value: Any) -> Any:
    """`$$` is how docker-compose writes a `$` that is no variable."""
    return _each(value, lambda text: text.replace("$$", "$"))


def escaped(value: Any) -> Any:
    """The other way round, for a document that docker-compose is to read."""
    return _each(value, lambda text: text.replace("$", "$$"))


def _each(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each(item, change) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {key: _each(item, change) for key, item in cast("Json", value).items()}
    return value
