"""What is odd but accepted: collected by kind, said in one sentence each."""

from jarvis.artifacts.archive.refusal import shown

_SAYS = {
    "macos": "Left out what macOS adds for itself",
    "case": "Names that differ only in upper and lower case; some systems keep only one of them",
    "bidi": "Names with invisible characters that turn the direction of text",
    "reserved": "Names that Windows cannot hold",
    "code-page": "Names that are not UTF-8, read as code page 437; accents in them may be wrong",
    "folder-link": "Left out links to a folder that they lie in themselves",
    "folder-links": "Left out links to folders, whose copies would be too much",
    "dangling": "Left out links to something that is not in the archive",
    "no-end": "The tar has no end mark; if it was cut off, hand in a whole one",
}
_EXAMPLES = 3


class Notes:
    """Warnings for one archive; a thousand of one kind stay one sentence."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._examples: dict[str, list[str]] = {}

    def add(self, kind: str, name: str = "") -> None:
        """Count one more of this kind and keep the first few names."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        examples = self._examples.setdefault(kind, [])
        if name and len(examples) < _EXAMPLES:
            examples.append(shown(name))

    def sentences(self) -> tuple[str, ...]:
        """One sentence a kind, with the number and the first names."""
        return tuple(self._sentence(kind) for kind in _SAYS if kind in self._counts)

    def _sentence(self, kind: str) -> str:
        examples, more = self._examples[kind], self._counts[kind] - _EXAMPLES
        if not examples:
            return f"{_SAYS[kind]}."
        rest = f" and {more} more" if more > 0 else ""
        return f"{_SAYS[kind]}: {', '.join(examples)}{rest}."
