"""What a person or a program reads: lines, one line that changes, and JSON results."""

import json
import os
import re
from typing import Any, TextIO

_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def clean(text: str) -> str:
    """`text` as one harmless line: what could steer a terminal or turn the reading direction is spelt out."""
    return _HIDDEN.sub(lambda found: " " if found[0] in "\n\t" else f"\\u{ord(found[0]):04x}", text)


class Console:
    """The two outputs of a command. Every line is cleaned here, so that no server can steer the terminal.

    Attributes:
        json: Only results are printed, each as one line of JSON.
    """

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self.json = False
        self._out = out
        self._err = err
        self._changing = False

    @property
    def terminal(self) -> bool:
        """Whether a person looks at a screen."""
        return not self.json and self._out.isatty()

    @property
    def width(self) -> int | None:
        """The screen's columns; None when there is no screen to fit in."""
        if not self.terminal:
            return None
        try:
            return max(20, os.get_terminal_size(self._out.fileno()).columns or 80)
        except OSError:
            return 80

    def say(self, line: str = "") -> None:
        """A line for the person; nothing with `--json`."""
        if not self.json:
            self._settle()
            self._write(self._out, clean(line) + "\n")

    def warn(self, line: str) -> None:
        """A line that must be seen even when the output goes into a file."""
        self._settle()
        self._write(self._err, clean(line) + "\n")

    def change(self, line: str) -> None:
        """Show `line` where the last one stood; on a screen only."""
        width = self.width
        if width is not None:
            self._changing = True
            self._write(self._out, "\r\x1b[K" + clean(line)[: width - 1])

    def result(self, value: Any) -> None:
        """`value` as one line of JSON, for programs."""
        self._write(self._out, json.dumps(value, default=str) + "\n")

    def _settle(self) -> None:
        if self._changing:
            self._changing = False
            self._write(self._out, "\r\x1b[K")

    def _write(self, stream: TextIO, text: str) -> None:
        """Print at once, also into a pipe; a letter that the encoding lacks is spelt out."""
        encoding = stream.encoding or "utf-8"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
