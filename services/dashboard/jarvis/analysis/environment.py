"""The environment variables that a program reads, and what it does without them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from jarvis.analysis import container, dsn, stack
from jarvis.analysis.evidence import Variable
from jarvis.analysis.manifests import SIDE
from jarvis.analysis.platforms import document
from jarvis.analysis.reads import READS, SETTINGS, Reads
from jarvis.analysis.secrecy import PUBLIC, is_secret
from jarvis.analysis.tree import Tree

FILES = 300
"""Source files that are searched at most, shallow ones first."""
BYTES = 1024**2
"""Bytes of sources that are searched at most."""
AROUND = 120
"""Signs after a reading that may tell of a default."""
LARGEST = 128 * 1024
"""A larger file was made by a program."""
MOST = 200
"""Variables that are listed."""
GIVEN = frozenset(
    {
        "PATH", "HOME", "USER", "PWD", "OLDPWD", "SHELL", "LANG", "LC_ALL", "TERM", "TMPDIR", "TMP",
        "TEMP", "HOSTNAME", "LOGNAME", "EDITOR", "PAGER", "DISPLAY", "XDG_CONFIG_HOME", "XDG_CACHE_HOME",
        "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "COMSPEC", "SHLVL",
        "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "COLORTERM", "PYTHONPATH", "NODE_PATH", "GOPATH",
        "JAVA_HOME", "MODE", "DEV", "PROD", "SSR", "BASE_URL", "BUNDLE_GEMFILE",
    }
)  # fmt: skip
"""Variables that every program finds, or that a bundler answers itself."""
SET = frozenset(
    {"PORT", "HOST", "CI", "NODE_ENV", "RAILS_ENV", "RACK_ENV", "MIX_ENV", "HOSTNAME", "NODE_OPTIONS"}
)
"""Variables that Jarvis sets, or that may always be left out."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_IN_COMPOSE = re.compile(
    r"(?<!\$)\$\{([A-Za-z_]\w*)(?:(:?[-?+])([^}]{0,200}))?\}|(?<!\$)\$([A-Z_][A-Z0-9_]*)\b"
)
_MADE = re.compile(r"\.min\.|\.bundle\.|\.d\.ts$|[-_.]test\.|[-_.]spec\.|_test\.|^test_|\.stories\.")
_ASKED = re.compile(r"(?:\b(?:if|unless|elif|elsif|and|not|bool|Boolean)\b[\s(!]*|!|&&\s*|\|\|\s*|\?\?\s*)\Z")
_COMPARED = re.compile(r"\s*\)?\s*(?:===?|!==?|&&|\bis\b|\bin\b|\bif\b)")
_FAILS = re.compile(r"\b(?:throw|raise|exit|panic|[Ff]atal\w*|abort|die|expect)\b")
_SETTINGS = re.compile(r"(?:^|/)(?:config|resources)/|(?:^|/)(?:application|bootstrap)[\w-]*\.\w+$")
_GENERATED = frozenset({"vendor", "dist", "build", "out", "target", "_site", "coverage", ".output"}) | (
    SIDE - {"bin", "scripts", "script", "tools", "deploy", "docker", "templates", "template"}
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One place that names a variable; `required` None where the place does not say."""

    name: str
    required: bool | None
    default: str | None
    file: str
    line: int | None


def variables(tree: Tree) -> list[Variable]:
    """Every variable that is read or asked for, by name, with the place that tells most.

    Required is what the code reads without a default and what a file for a platform asks for; what the image
    or the platform already sets is not. The value of a secret is never kept, and neither is one from `.env`.
    """
    found: dict[str, Variable] = {}
    said: dict[str, bool] = {}
    for seen in _places(tree):
        if seen.name in GIVEN or (len(found) >= MOST and seen.name not in found):
            continue
        secret = is_secret(seen.name)
        default = None if secret else seen.default
        known = found.get(seen.name)
        if known is None:
            found[seen.name] = Variable(seen.name, bool(seen.required), secret, default, seen.file, seen.line)
        elif known.default is None and default is not None:
            found[seen.name] = replace(known, default=default)
        if seen.required is not None:
            required = said.setdefault(seen.name, seen.required) and seen.required
            said[seen.name] = required
            found[seen.name] = replace(found[seen.name], required=required and seen.name not in SET)
    return sorted(found.values(), key=lambda item: item.name)


def _places(tree: Tree) -> Iterator[_Seen]:
    """All places, the ones that tell most first."""
    yield from _asked(tree)
    for name, _, file, line in dsn.settings(tree):
        if _NAME.fullmatch(name):
            yield _Seen(name, None, None, file, line)
    yield from _image(tree)
    yield from _compose(tree)
    yield from _sources(tree)


def _asked(tree: Tree) -> Iterator[_Seen]:
    """What the files for platforms ask for or set."""
    if "app.json" in tree:
        for name, value in _mapping(document(tree, "app.json").get("env")):
            asked = cast("dict[str, Any]", value) if isinstance(value, dict) else {"value": value}
            default = asked.get("value")
            free = asked.get("required") is False or default not in (None, "") or "generator" in asked
            text = str(default) if isinstance(default, str | int | float) and default != "" else None
            yield _Seen(name, not free, text, "app.json", tree.line_of("app.json", f'"{name}"'))
    for file, places in (
        ("fly.toml", ("env",)),
        ("nixpacks.toml", ("variables",)),
        ("app.yaml", ("env_variables",)),
    ):
        if file in tree:
            for place in places:
                for name, value in _mapping(document(tree, file).get(place)):
                    yield _Seen(name, False, str(value), file, tree.line_of(file, name))
    if "render.yaml" in tree:
        listed = document(tree, "render.yaml").get("services")
        for service in cast("list[Any]", listed) if isinstance(listed, list) else []:
            given = cast("dict[str, Any]", service).get("envVars") if isinstance(service, dict) else None
            for item in cast("list[Any]", given) if isinstance(given, list) else []:
                entry = cast("dict[str, Any]", item) if isinstance(item, dict) else {}
                if isinstance(name := entry.get("key"), str) and _NAME.fullmatch(name):
                    value = entry.get("value")
                    text = str(value) if value is not None else None
                    yield _Seen(
                        name,
                        entry.get("sync") is False,
                        text,
                        "render.yaml",
                        tree.line_of("render.yaml", name),
                    )


def _mapping(value: object) -> Iterator[tuple[str, Any]]:
    for name, item in cast("dict[Any, Any]", value).items() if isinstance(value, dict) else ():
        if isinstance(name, str) and _NAME.fullmatch(name):
            yield name, item


def _image(tree: Tree) -> Iterator[_Seen]:
    """What the image sets."""
    file = container.dockerfile(tree)
    image = container.read(tree, file) if file else None
    for name, (value, line) in image.variables.items() if image else ():
        if value:
            yield _Seen(name, False, value[:120], file, line)


def _compose(tree: Tree) -> Iterator[_Seen]:
    """What the compose file takes from outside."""
    file = stack.compose_file(tree)
    for number, text in tree.lines(file) if file else ():
        if "$" not in text or text.lstrip().startswith("#"):
            continue
        for match in _IN_COMPOSE.finditer(text):
            if match[4]:
                yield _Seen(match[4], True, None, file, number)
            else:
                free = match[2] is not None and not match[2].endswith("?")
                yield _Seen(match[1], not free, match[3] if free and match[3] else None, file, number)


def _sources(tree: Tree) -> Iterator[_Seen]:
    """What the sources read."""
    left, files = BYTES, FILES
    for path in tree.files:
        reads = READS.get(path[path.rfind(".") :])
        if reads is None:
            continue
        size = tree.sizes[path]
        *folders, name = path.split("/")
        if size > LARGEST or not _GENERATED.isdisjoint(folders) or _MADE.search(name) or path.startswith("."):
            continue
        if reads is SETTINGS and not _SETTINGS.search(path):
            continue
        if files <= 0 or left < size:
            return
        files, left = files - 1, left - size
        text = tree.text(path)
        if any(needle in text for needle in reads.needles):
            yield from _read(reads, path, text)


def _read(reads: Reads, path: str, text: str) -> Iterator[_Seen]:
    """The variables that one file reads."""
    line, at = 1, 0
    for match in reads.pattern.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        names = match["names"] if "names" in reads.pattern.groupindex else None
        if names is not None:
            for part in names.split(","):
                name, equals, value = (item.strip() for item in part.partition("="))
                name = name.partition(":")[0].strip()
                if _NAME.fullmatch(name):
                    yield _Seen(name, not equals, _plain(value), path, line)
            continue
        rest = text[match.end() : match.end() + AROUND]
        given = reads.default.match(rest)
        free = given is not None or (reads.free is not None and reads.free.search(match[0]) is not None)
        if not free and not (reads.strict and reads.strict.search(match[0])):
            asked = _ASKED.search(text, max(0, match.start() - 24), match.start()) or _COMPARED.match(rest)
            free = asked is not None and _FAILS.search(rest) is None
        name = match["name"]
        default = next((group for group in given.groups() if group), "") if given else ""
        # a default in braces, ${NAME:default}, stands there without quotes
        value = default or None if given and given[0].endswith("}") else _plain(default)
        yield _Seen(name, not free and not name.startswith(PUBLIC), value, path, line)


def _plain(value: str) -> str | None:
    """A literal as text; None where it is worked out."""
    text = value.strip()
    if len(text) > 1 and text[0] in "\"'`" and text[-1] == text[0]:
        return text[1:-1]
    return text if re.fullmatch(r"-?\d+(?:\.\d+)?|true|false|True|False", text) else None
