"""On which line of a TOML text each key stands. The text is one that `tomllib` has read already. Pure."""

import tomllib
from collections.abc import Iterator

Place = tuple[str | int, ...]

_QUOTES = ('"""', "'''", '"', "'")
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def lines(text: str) -> dict[Place, int]:
    """Where each key and each table stands: its place, as one would walk to it, → the line, counted from 1.

    Args:
        text: A TOML document that is right.
    """
    return dict(_Scan(text).run())


class _Scan:
    """Walks over the signs once. What is left of a value but its tables and lists is skipped."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._line = text.replace("\r\n", "\n"), 0, 1
        self._lists: dict[Place, int] = {}

    def run(self) -> Iterator[tuple[Place, int]]:
        table: Place = ()
        while self._skip_blank(over_lines=True):
            line = self._line
            if self._text.startswith("[[", self._at):
                self._step(2)
                table = self._listed(self._key())
                self._step(2)
                yield table, line
            elif self._text[self._at] == "[":
                self._step(1)
                table = self._below(self._key())
                self._step(1)
                yield table, line
            else:
                yield from self._pair(table)

    def _below(self, key: tuple[str, ...]) -> Place:
        """The place of a table: below a list it is that of the list's last entry."""
        found: Place = ()
        for part in key:
            found = (*found, part)
            if found in self._lists:
                found = (*found, self._lists[found])
        return found

    def _listed(self, key: tuple[str, ...]) -> Place:
        place = (*self._below(key[:-1]), key[-1])
        self._lists[place] = self._lists.get(place, -1) + 1
        return (*place, self._lists[place])

    def _pair(self, table: Place) -> Iterator[tuple[Place, int]]:
        line = self._line
        place = (*table, *self._key())
        self._skip_blank()
        self._step(1)  # the equals sign
        yield place, line
        yield from self._value(place)

    def _key(self) -> tuple[str, ...]:
        """A key with its dots; afterwards stands what follows it."""
        parts: list[str] = []
        while True:
            self._skip_blank()
            begin = self._at
            if self._text[self._at] in "\"'":
                self._string()
                quoted = self._text[begin : self._at]
                parts.append(str(next(iter(tomllib.loads(f"{quoted} = 0")))))
            else:
                while self._at < len(self._text) and self._text[self._at] in _BARE:
                    self._at += 1
                parts.append(self._text[begin : self._at])
            self._skip_blank()
            if self._at >= len(self._text) or self._text[self._at] != ".":
                return tuple(parts)
            self._step(1)

    def _value(self, place: Place) -> Iterator[tuple[Place, int]]:
        self._skip_blank()
        sign = self._text[self._at]
        if sign == "{":
            yield from self._inline(place)
        elif sign == "[":
            yield from self._array(place)
        elif sign in "\"'":
            self._string()
        else:
            while self._at < len(self._text) and self._text[self._at] not in ",]}#\n":
                self._at += 1

    def _inline(self, place: Place) -> Iterator[tuple[Place, int]]:
        self._step(1)
        while self._skip_blank(over_lines=True) and self._text[self._at] != "}":
            yield from self._pair(place)
            if self._skip_blank(over_lines=True) and self._text[self._at] == ",":
                self._step(1)
        self._step(1)

    def _array(self, place: Place) -> Iterator[tuple[Place, int]]:
        self._step(1)
        number = 0
        while self._skip_blank(over_lines=True) and self._text[self._at] != "]":
            yield (*place, number), self._line
            yield from self._value((*place, number))
            number += 1
            if self._skip_blank(over_lines=True) and self._text[self._at] == ",":
                self._step(1)
        self._step(1)

    def _string(self) -> None:
        quote = next(one for one in _QUOTES if self._text.startswith(one, self._at))
        self._step(len(quote))
        while not self._text.startswith(quote, self._at):
            self._step(2 if quote[0] == '"' and self._text[self._at] == "\\" else 1)
        self._step(len(quote))
        if len(quote) == 3:  # up to two quotes more belong to the text
            while self._at < len(self._text) and self._text[self._at] == quote[0]:
                self._step(1)

    def _skip_blank(self, *, over_lines: bool = False) -> bool:
        """Go to what is no blank and no comment; False at the end."""
        while self._at < len(self._text):
            sign = self._text[self._at]
            if sign == "#" and over_lines:
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif sign in " \t" or (sign == "\n" and over_lines):
                self._step(1)
            else:
                return True
        return False

    def _step(self, count: int) -> None:
        self._line += self._text.count("\n", self._at, self._at + count)
        self._at += count
