"""Settings of a program for the Java machine, made flat: `server.port` → `8080`, with their profile."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jarvis.analysis.markup import parse
from jarvis.analysis.tree import Tree

_NAME = re.compile(
    r"(?:application|bootstrap|microprofile-config|config|hibernate|db|database|jdbc|datasource|persistence)"
    r"(?:-([\w.-]+))?\.(?:properties|ya?ml|conf)$"
)
_PAIR = re.compile(r"^[ \t]*([\w.%\[\]\"/-]+?)\s*[=:]\s*(.*?)\s*$")
_YAML = re.compile(r"^(\s*)(?:- +)?[\"']?([\w.%/-]+)[\"']?\s*:(?:\s+(.*?))?\s*$")
_PROFILE = re.compile(r"spring\.(?:config\.activate\.on-profile|profiles)$")
_ACTIVE = re.compile(r"(?:spring\.profiles\.(?:active|default)|quarkus\.profile)$")
_DEFAULT = re.compile(r"^\$\{[^:{}]+:([^{}]*)\}$")
_FILES = 40


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; `profile` is empty when it always holds."""

    key: str
    value: str
    file: str
    line: int
    profile: str = ""


def settings(tree: Tree, folder: str) -> Iterator[Setting]:
    """Every setting of the module in `folder`; a profile that is switched on counts as none."""
    found: list[Setting] = []
    for file in _files(tree, folder):
        match = _NAME.search(file)
        profile = (
            (match[1] or "")
            if match and file.rpartition("/")[2].startswith(("application-", "bootstrap-"))
            else ""
        )
        if file.endswith(".xml"):
            found += _markup(tree, file)
        elif file.endswith((".yml", ".yaml")):
            found += _yaml(tree, file, profile)
        elif file.endswith(".conf"):
            found += _hocon(tree, file)
        else:
            found += _properties(tree, file, profile)
    active = {
        name.strip()
        for item in found
        if not item.profile and _ACTIVE.search(item.key)
        for name in _DEFAULT.sub(r"\1", item.value).split(",")
    }
    for item in found:
        on = item.profile and item.profile in active
        yield Setting(item.key, item.value, item.file, item.line) if on else item


def _files(tree: Tree, folder: str) -> list[str]:
    """The files with settings: those that are packed with the module, and those that lie beside it."""
    places = ("src/main/resources/", "config/", "src/main/webapp/WEB-INF/", "conf/", "resources/",
    "grails-app/conf/",
              "src/")  # fmt: skip
    found: list[str] = []
    for file in tree.ending(".properties", ".yml", ".yaml", ".xml", ".conf"):
        place, name = file[: file.rfind("/") + 1], file.rpartition("/")[2]
        if not place.startswith(folder):
            continue
        inner = place[len(folder) :]
        if inner not in ("", *places, "src/main/resources/META-INF/", "src/main/resources/config/"):
            continue
        if _NAME.match(name) or name in ("persistence.xml", "hibernate.cfg.xml"):
            found.append(file)
    return found[:_FILES]


def _properties(tree: Tree, file: str, profile: str) -> Iterator[Setting]:
    for line, text in tree.lines(file):
        if text.startswith("#---"):
            profile = ""
        if text.lstrip().startswith(("#", "!")):
            continue
        if match := _PAIR.match(text):
            key, value = match[1], match[2]
            if _PROFILE.search(key):
                profile = value
            plain, name = _unmarked(key, profile)
            yield Setting(plain, value, file, line, name)


def _unmarked(key: str, profile: str) -> tuple[str, str]:
    """Quarkus puts the profile before the key: `%dev.a.b` is `a.b` for `dev`; `prod` is what runs here."""
    if not key.startswith("%") or "." not in key:
        return key, profile
    name, _, rest = key[1:].partition(".")
    return rest, "" if name == "prod" else name


def _yaml(tree: Tree, file: str, profile: str) -> Iterator[Setting]:
    """The pairs of every document in the file. What is no plain pair is passed over."""
    text = tree.text(file)
    line = 1
    for document in re.split(r"^---.*$", text, flags=re.MULTILINE):
        pairs = list(_pairs(document, line))
        line += document.count("\n")
        own = next((value for key, value, _ in pairs if _PROFILE.search(key)), profile)
        for key, value, at in pairs:
            plain, name = _unmarked(key, own)
            yield Setting(plain, value, file, at, name)


def _pairs(document: str, line: int) -> Iterator[tuple[str, str, int]]:
    above: list[tuple[int, str]] = []
    for number, text in enumerate(document.split("\n"), line):
        match = _YAML.match(re.sub(r"\s+#.*$", "", text))
        if match is None or text.lstrip().startswith("#"):
            continue
        deep = len(match[1])
        while above and above[-1][0] >= deep:
            above.pop()
        key = ".".join([*(name for _, name in above), match[2]])
        if match[3]:
            yield key, match[3].strip("\"'"), number
        else:
            above.append((deep, match[2]))


def _hocon(tree: Tree, file: str) -> Iterator[Setting]:
    """The pairs of Typesafe's form: `a { b = 1 }` is `a.b`."""
    above: list[str] = []
    for line, text in tree.lines(file):
        bare = re.sub(r"(?<!:)(?://|#).*$", "", text).strip()
        if match := re.match(r"^[\"']?([\w.-]+)[\"']?\s*[:=]?\s*\{\s*$", bare):
            above.append(match[1])
        elif match := re.match(r"^[\"']?([\w.-]+)[\"']?\s*[=:]\s*(.+)$", bare):
            yield Setting(".".join([*above, match[1]]), match[2].strip().strip("\"'"), file, line)
        if bare.startswith("}") and above:
            above.pop()


def _markup(tree: Tree, file: str) -> Iterator[Setting]:
    """The properties of persistence units."""
    for element in parse(tree.text(file)).walk():
        if element.name == "property" and (name := element.attributes.get("name")):
            value = element.attributes.get("value") or element.text.strip()
            yield Setting(name, value, file, element.line)
