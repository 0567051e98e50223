"""XML read without a parser that trusts it: no entities, no end to broken tags, lines known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<[?!][^<>]*>"
    r"|<(?P<close>/?)(?P<name>[A-Za-z_][\w.:-]*)(?P<attributes>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*?)(?P<empty>/?)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"(?<![\w.:-])([\w.:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_DEEP = 64


@dataclass(slots=True)
class Element:
    """One element: its attributes by name, its own text, its children in order."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict[str, str])
    text: str = ""
    children: list["Element"] = field(default_factory=list["Element"])

    def each(self, *path: str) -> Iterator["Element"]:
        """Every element at `path` below this one."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.each(*path[1:])

    def value(self, *path: str) -> str:
        """The text of the first element at `path`; empty when there is none."""
        return next((item.text.strip() for item in self.each(*path)), "")

    def walk(self) -> Iterator["Element"]:
        """The element and all below it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.walk()


def parse(text: str) -> Element:
    """An element without a name whose children are what the text holds, as far as it can be understood."""
    root = Element("", 1)
    stack = [root]
    line = 1
    done = 0
    for match in _TAG.finditer(text):
        stack[-1].text += text[done : match.start()]
        line += text.count("\n", done, match.start())
        if match["cdata"] is not None:
            stack[-1].text += match["cdata"]
        elif match["close"]:
            _close(stack, match["name"])
        elif match["name"]:
            attributes = {
                found[1]: found[2] or found[3] or "" for found in _ATTRIBUTE.finditer(match["attributes"])
            }
            element = Element(match["name"], line, attributes)
            stack[-1].children.append(element)
            if not match["empty"] and len(stack) < _DEEP:
                stack.append(element)
        line += text.count("\n", match.start(), match.end())
        done = match.end()
    return root


def _close(stack: list[Element], name: str) -> None:
    """Close the innermost element of that name; a closing tag without an opening one is nothing."""
    for at in range(len(stack) - 1, 0, -1):
        if stack[at].name == name:
            del stack[at:]
            return
