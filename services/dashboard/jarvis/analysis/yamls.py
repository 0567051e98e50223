"""YAML that strangers wrote: without tags that make things, without nesting that breaks the parser."""

import re
from typing import TYPE_CHECKING, Any

from yaml import MappingNode, SafeLoader, SequenceNode, YAMLError
from yaml import load as parse
from yaml.constructor import ConstructorError

if TYPE_CHECKING:
    _Fast = SafeLoader
else:
    try:
        from yaml import CSafeLoader as _Fast
    except ImportError:  # a build of the library without its C part
        _Fast = SafeLoader

DEEPEST = 200
"""Levels that are followed. For each the C parser calls itself: too many of them end the whole process."""
LONGEST = 128 * 1024
"""Signs of a document at most; what people write is shorter, and other things take long to read."""
MERGED = 20
"""Mappings that one other takes over at most; their entries multiply."""
ENTRIES = 10_000
"""Entries of one mapping at most."""

_INDENTED = re.compile(rf"^[ \t?-]{{{DEEPEST},}}", re.MULTILINE)
_BRACKET = re.compile(r"[\[\]{}]")


class _Loader(_Fast):
    """Plain values only; merges are counted, because a few lines of them can grow without end."""

    def flatten_mapping(self, node: MappingNode) -> None:
        for key, value in node.value:
            merges = key.tag == "tag:yaml.org,2002:merge"
            if merges and isinstance(value, SequenceNode) and len(value.value) > MERGED:
                raise ConstructorError(None, None, "too many mappings in one", node.start_mark)
        super().flatten_mapping(node)
        if len(node.value) > ENTRIES:
            raise ConstructorError(None, None, "too many entries", node.start_mark)


def load(text: str) -> Any:
    """What the one document in `text` says.

    Raises:
        ValueError: It is no YAML, or none that a person would write.
    """
    if len(text) > LONGEST:
        raise ValueError("too long")
    if _INDENTED.search(text) or _depth(text) > DEEPEST:
        raise ValueError("nested too deeply")
    try:
        return parse(text, Loader=_Loader)  # noqa: S506 - it is a safe loader
    except (YAMLError, LookupError, AttributeError, TypeError) as error:
        raise ValueError(str(error)[:200]) from error  # tags such as !!bool fail in all these ways


def _depth(text: str) -> int:
    """How deep brackets are within brackets, at most; those in quotes count, too."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return 0
    depth = deepest = 0
    for bracket in _BRACKET.findall(text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest
