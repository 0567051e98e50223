"""What a build plan reads of a verdict: checked, because a verdict is stored and travels as plain data."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from jarvis.errors import InvalidInput

LONGEST = 4_000
"""Signs of the longest text that is taken; a command line of more is not one."""

PORTS = range(1, 65_536)
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that the program reads from its environment. Never a value."""

    name: str
    required: bool
    secret: bool


@dataclass(frozen=True, slots=True)
class Need:
    """A database or another service beside the program."""

    engine: str
    level: str


@dataclass(frozen=True, slots=True)
class Part:
    """One of several programs in the same artifact."""

    name: str
    root: str
    public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The members of a verdict that a plan is made of; they mean what they mean there.

    Attributes:
        static_dir: Relative to `root`; empty for none, `.` for the root itself.
        strays: The pages are made in a folder outside of `root`.
        files: What is known to be in `root`, relative to it: from the artifact's list if that is at hand, and
            from the evidence.
        listed: It is the whole list; otherwise a name that is missing may be there all the same.
    """

    kind: str
    root: str
    language: str
    language_version: str
    framework: str
    package_manager: str
    install_command: str
    build_command: str
    start_command: str
    port: int | None
    health_path: str
    static_dir: str
    strays: bool
    spa: bool
    dockerfile: str
    compose: str
    needs: tuple[Need, ...]
    environment: tuple[Variable, ...]
    parts: tuple[Part, ...]
    files: frozenset[str]
    listed: bool

    def has(self, *names: str) -> bool:
        """One of `names` is known to be there."""
        return any(name in self.files for name in names)

    def lacks(self, name: str) -> bool:
        """The file or folder `name` is known not to be there."""
        there = (
            any(file.startswith(name) for file in self.files) if name.endswith("/") else name in self.files
        )
        return self.listed and not there

    def nested(self, name: str) -> bool:
        """A file called `name` is known to be in a folder below the root."""
        return any(file.endswith(f"/{name}") for file in self.files if "node_modules/" not in file)

    def says(self, *words: str) -> bool:
        """One of `words` stands in its install, build or start command."""
        text = f"{self.install_command}\n{self.build_command}\n{self.start_command}"
        return any(re.search(rf"(?<![\w./-]){re.escape(word)}(?![\w.-])", text) for word in words)

    def needs_engine(self, engine: str) -> bool:
        """It can speak to `engine`, whether it must or not."""
        return any(need.engine == engine for need in self.needs)

    @property
    def builds(self) -> bool:
        """Something is fetched or made before it can run."""
        return bool(self.install_command or self.build_command)


def read(verdict: Mapping[str, Any], files: Collection[str] | None = None) -> Project:
    """What a plan needs of a verdict; a member that is missing is empty.

    Args:
        verdict: As `Verdict.to_dict()` gives it.
        files: All paths of the artifact, relative to it, if they are known.

    Raises:
        InvalidInput: A member is not of its type, or holds what no verdict can hold.
    """
    root = _path(verdict, "root")
    strays = ".." in _text(verdict, "static_dir").split("/")
    prefix = f"{root}/" if root else ""
    known = [*(files or ()), *(_text(item, "file") for item in _items(verdict, "evidence"))]
    return Project(
        kind=_text(verdict, "kind", needed=True),
        root=root,
        language=_text(verdict, "language"),
        language_version=_text(verdict, "language_version"),
        framework=_text(verdict, "framework"),
        package_manager=_text(verdict, "package_manager"),
        install_command=_text(verdict, "install_command"),
        build_command=_text(verdict, "build_command"),
        start_command=_text(verdict, "start_command"),
        port=_port(verdict),
        health_path=_from_root(_text(verdict, "health_path")),
        static_dir="" if strays else _path(verdict, "static_dir"),
        strays=strays,
        spa=_flag(verdict, "spa"),
        dockerfile=_path(verdict, "dockerfile"),
        compose=_path(verdict, "compose"),
        needs=tuple(Need(_text(item, "engine"), _text(item, "level")) for item in _items(verdict, "needs")),
        environment=_variables(verdict),
        parts=tuple(
            Part(_text(item, "name"), _path(item, "root"), _flag(item, "public"))
            for item in _items(verdict, "parts")
        ),
        files=frozenset(path.removeprefix(prefix) for path in known if path and path.startswith(prefix)),
        listed=files is not None,
    )


def _variables(verdict: Mapping[str, Any]) -> tuple[Variable, ...]:
    found: dict[str, Variable] = {}
    for item in _items(verdict, "environment"):
        name = _text(item, "name")
        if NAME.fullmatch(name):
            found.setdefault(name, Variable(name, _flag(item, "required"), _flag(item, "secret")))
    return tuple(found[name] for name in sorted(found))


def _typed(source: Mapping[str, Any], name: str, kind: type[T], default: T) -> T:
    value = source.get(name)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise InvalidInput(
            f"The verdict's member {name!r} should be {kind.__name__}, not {type(value).__name__}.",
            "Analyse the artifact again.",
            {"member": name},
        )
    return value


def _text(source: Mapping[str, Any], name: str, *, needed: bool = False) -> str:
    value = _typed(source, name, str, "").replace("\r\n", "\n").strip()
    if "\0" in value or len(value) > LONGEST or (needed and not value):
        what = "is missing" if not value else "has a NUL sign or is too long to be one"
        raise InvalidInput(f"The verdict's member {name!r} {what}.", "Correct it.", {"member": name})
    return value


def _path(source: Mapping[str, Any], name: str) -> str:
    value = _text(source, name)
    parts = value.split("/")
    if value.startswith("/") or ".." in parts or "\\" in value:
        raise InvalidInput(
            f"The verdict's member {name!r} leads out of the artifact: {value!r}.",
            "Give a path within the artifact, with / between folders.",
            {"member": name},
        )
    inside = "/".join(part for part in parts if part not in {"", "."})
    return inside or ("." if value and name == "static_dir" else "")


def _from_root(path: str) -> str:
    return path if path.startswith("/") or not path else f"/{path}"


def _flag(source: Mapping[str, Any], name: str) -> bool:
    return _typed(source, name, bool, default=False)


def _port(verdict: Mapping[str, Any]) -> int | None:
    port = _typed(verdict, "port", int, 0)
    if isinstance(port, bool) or (port and port not in PORTS):
        raise InvalidInput(f"{port} is not a port.", "A port is from 1 to 65535.", {"member": "port"})
    return port or None


def _items(verdict: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    value = verdict.get(name)
    items = cast("Sequence[Any]", value) if isinstance(value, list | tuple) else ()
    if (value and not items) or not all(isinstance(item, Mapping) for item in items):
        raise InvalidInput(
            f"The verdict's member {name!r} should be a list.",
            "Analyse the artifact again.",
            {"member": name},
        )
    return items
