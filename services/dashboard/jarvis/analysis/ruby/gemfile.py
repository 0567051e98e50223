"""Gemfile and gems.rb: the gems of a Ruby project, without running it."""

import re
from dataclasses import dataclass, field

from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

FILES = ("Gemfile", "gems.rb")
LONGEST = 300
"""Signs of a line that are still looked at."""
LOCKS = ("Gemfile.lock", "gems.locked")

_GEM = re.compile(r"^[ \t]*gem[ \t]{0,9}\(?\s{0,9}[\"']([\w.-]+)[\"'](.*)$")
_GROUP = re.compile(r"^[ \t]*group[ \t]{0,9}\(?\s{0,9}(.+?)\)?\s+do\b")
_INLINE = re.compile(
    r"(?:\bgroups?\s*:|:groups?\s*=>)\s*(\[[^\]]{0,200}\]|%i\[[^\]]{0,200}\]|:\w+|[\"']\w+[\"'])"
)
_OPENS = re.compile(r"\bdo\b\s*(?:\|[^|]*\|)?\s*$|^[ \t]*(?:if|unless|case|begin|def|while|until)\b")
_END = re.compile(r"^[ \t]*end\b")
_RUBY = re.compile(r"^[ \t]*ruby[ \t]{0,9}\(?\s{0,9}[\"']([^\"']+)[\"']", re.MULTILINE)
_LOCKED = re.compile(r"^RUBY VERSION\n\s+ruby (\d[\d.]*)", re.MULTILINE)
_PLAIN = re.compile(r"^[ \t]*(?:ruby-)?(\d[\w.-]{0,40}|[a-z]{1,20}-\d[\w.]{0,40})[ \t]*$", re.MULTILINE)
_RUNTIME = re.compile(r"\.add_(?:runtime_)?dependency[ \t]{0,9}\(?\s{0,9}[\"']([\w.-]+)[\"']")
_APART = re.compile(r"\b(?:development|test|ci|doc|docs|lint|linting|rubocop|debug|console|cucumber|local)\b")
_LASTING = re.compile(r"\b(?:production|default|staging|web|assets)\b")


@dataclass
class Gems:
    """What the manifest says.

    Attributes:
        file: The manifest; empty without one.
        needed: Gem → file and line, for the program itself.
        apart: The same for tests and development.
    """

    file: str = ""
    needed: dict[str, tuple[str, int | None]] = field(default_factory=dict[str, tuple[str, int | None]])
    apart: dict[str, tuple[str, int | None]] = field(default_factory=dict[str, tuple[str, int | None]])

    def first(self, *names: str) -> str:
        """The first of `names` that the program needs; empty for none."""
        return next((name for name in names if name in self.needed), "")


def gems(tree: Tree) -> Gems:
    """The gems of the manifest at the top, or of the gemspec where the manifest leaves it to that."""
    found = Gems(tree.first(*FILES))
    groups: list[bool] = []
    for number, raw in tree.lines(found.file) if found.file else ():
        if len(raw) > LONGEST:
            continue
        line = raw.partition("#")[0] if "#{" not in raw else raw
        if _END.match(line) and groups:
            groups.pop()
        elif match := _GROUP.match(line):
            groups.append(_aside(match[1]))
        elif _OPENS.search(line):
            groups.append(False)
        if match := _GEM.match(line):
            inline = _INLINE.search(match[2])
            table = found.apart if any(groups) or (inline and _aside(inline[1])) else found.needed
            table.setdefault(match[1].lower(), (found.file, number))
    specs = tree.ending(".gemspec", depth=0)
    if specs and (not found.file or re.search(r"^[ \t]*gemspec\b", tree.text(found.file), re.MULTILINE)):
        for number, line in tree.lines(specs[0]):
            if match := _RUNTIME.search(line):
                found.needed.setdefault(match[1].lower(), (specs[0], number))
    return found


def _aside(groups: str) -> bool:
    """Do these groups leave the gem out of production?"""
    return bool(_APART.search(groups)) and not _LASTING.search(groups)


def version(tree: Tree) -> tuple[str, str, int] | None:
    """Ruby's version as the project states it, the file and the line."""
    if hit := tree.search(".ruby-version", _PLAIN):
        return hit[0][1], ".ruby-version", hit[1]
    for file in FILES:
        if hit := tree.search(file, _RUBY):
            return hit[0][1], file, hit[1]
    if found := pinned(tree, "ruby"):
        return found
    for file in LOCKS:
        if hit := tree.search(file, _LOCKED):
            return hit[0][1], file, hit[1] + 1
    return None
