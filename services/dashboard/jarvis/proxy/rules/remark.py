"""What is said of a line of a file with rules."""

from dataclasses import dataclass

from jarvis.errors import InvalidInput


@dataclass(frozen=True)
class Remark:
    """A line that is left out, and why.

    Attributes:
        file: Its name.
        line: Its number, from 1.
        why: A sentence without its end.
    """

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.why}"


def refusal(file: str, line: int, why: str, hint: str) -> InvalidInput:
    """A line that cannot be meant, or would do harm: the deploy ends here."""
    return InvalidInput(f"{file}, line {line}: {why}.", hint, {"file": file, "line": line})


def lines(file: str, content: bytes, longest: int, most: int) -> list[str]:
    """The lines of a file.

    Raises:
        InvalidInput: It is no text, or has too many lines or one that is too long.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content[: error.start].count(b"\n") + 1
        raise refusal(file, number, "it is not UTF-8", "Save the file as UTF-8.") from error
    found = text.splitlines()
    if len(found) > most:
        raise refusal(file, most + 1, f"more than {most:,} lines", "Use placeholders: one rule for many.")
    for number, line in enumerate(found, 1):
        if len(line) > longest:
            raise refusal(file, number, f"it is longer than {longest:,} signs", "Make it shorter.")
    return found
