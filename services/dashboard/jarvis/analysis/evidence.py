"""Why something is believed, and what should be looked at before it goes public."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["danger", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for one fact.

    Attributes:
        fact: The member of the verdict that it speaks for, for example `framework`.
        value: What it says of that fact, as text.
        file: The file that shows it, relative to the folder that was handed in; empty for the folder itself.
        line: Its line there, from 1; None where the file's presence is the reason.
        why: A short sentence.
    """

    fact: str
    value: str
    file: str
    line: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth a look before publishing. It never shows a secret itself.

    Attributes:
        rule: A short name, for example `private-key`.
        severity: `danger`: must not become public. `warning`: will hurt. `note`: good to know.
        file: Where, relative to the folder that was handed in.
        line: Its line there, from 1.
        why: A short sentence that says what to do.
    """

    rule: str
    severity: Severity
    file: str
    line: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Need:
    """A database or another service that the program needs beside it.

    Attributes:
        engine: `postgres`, `mysql`, `sqlite`, `mongodb`, `redis`, `mssql`, `elasticsearch`, `rabbitmq` …
        level: `required`: it connects to it. `optional`: it can do without. `embedded`: a file of its own.
    """

    engine: str
    level: Literal["required", "optional", "embedded"]
    file: str
    line: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable that the program reads.

    Attributes:
        required: It is read without a default.
        secret: By its name or value it is a password, a key or a token.
        default: What it is without being set; never the value of a secret.
    """

    name: str
    required: bool
    secret: bool
    default: str | None
    file: str
    line: int | None
