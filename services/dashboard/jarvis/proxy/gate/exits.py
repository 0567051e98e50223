"""What the gate says: the request passes, or it is answered at once."""

from dataclasses import dataclass, field

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Pass:
    """The proxy goes on.

    Attributes:
        service: Whose folder answers.
        path: The path that is answered from, percent-encoded; empty for the one that was asked for.
        missing: The page at `path` says that there is nothing.
        strip: The beginning of the path that the answering service does not see.
        headers: For the answer.
        drop: Headers of the proxy that the answer goes without.
        known: A password was checked: it is nobody else's business.
    """

    service: str
    path: str = ""
    missing: bool = False
    strip: str = ""
    headers: Headers = ()
    drop: tuple[str, ...] = ()
    known: bool = False


@dataclass(frozen=True)
class Answer:
    """The visitor gets this, and nothing else is asked.

    Attributes:
        status: Of the answer.
        headers: Of the answer.
        body: A page.
    """

    status: int
    headers: Headers = ()
    body: str = field(default="", repr=False)


Exit = Pass | Answer
