"""Every error a person may meet: one sentence, one hint of what to do next, one code, one HTTP status.

The same sentence is shown by the CLI, the API (as `application/problem+json`, RFC 9457) and the pages.
"""

from collections.abc import Mapping
from typing import Any


class JarvisError(Exception):
    """Something went wrong that a person can do something about.

    Args:
        message: One sentence that says what was wrong.
        hint: What to do next; empty when the message already says it.
        facts: JSON-ready details for programs (entry, rule, port …); never a secret.

    """

    code: str = "error"
    status: int = 500
    exit_code: int = 1
    transient: bool = False
    """True where trying the same again can help."""

    def __init__(self, message: str, hint: str = "", facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.facts: dict[str, Any] = dict(facts or {})


class InvalidInput(JarvisError):
    """What was handed in cannot be used as it is."""

    code = "invalid_input"
    status = 422


class BadRequest(JarvisError):
    """The request itself could not be read."""

    code = "bad_request"
    status = 400


class NotAuthenticated(JarvisError):
    """No token, or one that Jarvis does not know."""

    code = "not_authenticated"
    status = 401


class Forbidden(JarvisError):
    """The token is good, but may not do this."""

    code = "forbidden"
    status = 403


class NotFound(JarvisError):
    """There is no such thing."""

    code = "not_found"
    status = 404


class Conflict(JarvisError):
    """What is asked for contradicts what is there."""

    code = "conflict"
    status = 409


class TooLarge(JarvisError):
    """More than a limit allows."""

    code = "too_large"
    status = 413


class ArchiveRefused(InvalidInput):
    """An archive breaks a rule; `facts` names the `rule` and the `entry`."""

    code = "archive_refused"


class NothingToServe(InvalidInput):
    """What was handed in holds nothing that Jarvis can serve."""

    code = "nothing_to_serve"


class StorageFull(JarvisError):
    """The disk is full."""

    code = "storage_full"
    status = 507
    transient = True


class Unavailable(JarvisError):
    """A part that is needed (database, proxy, web process) does not answer."""

    code = "unavailable"
    status = 503
    transient = True


class PortTaken(JarvisError):
    """A port that Jarvis needs is held by another program."""

    code = "port_taken"
    status = 409


class NotProven(JarvisError):
    """A deploy or switch finished, but the proof from outside did not see it."""

    code = "not_proven"
    transient = True


class Cancelled(JarvisError):
    """A person called the work off."""

    code = "cancelled"
    status = 409


class Overdue(JarvisError):
    """A step did not end before its deadline."""

    code = "overdue"
    status = 504


class DeployFailed(JarvisError):
    """A workflow that the caller waited for ended without success."""

    code = "deploy_failed"


_KINDS: dict[str, type[JarvisError]] = {
    kind.code: kind
    for kind in (
        InvalidInput,
        BadRequest,
        NotAuthenticated,
        Forbidden,
        NotFound,
        Conflict,
        TooLarge,
        ArchiveRefused,
        NothingToServe,
        StorageFull,
        Unavailable,
        PortTaken,
        NotProven,
        Cancelled,
        Overdue,
        DeployFailed,
    )
}


def problem(error: JarvisError) -> dict[str, Any]:
    """`error` as a problem object (RFC 9457). The members of `facts` stand beside the standard ones."""
    return {
        **error.facts,
        "type": f"urn:jarvis:error:{error.code}",
        "title": error.code.replace("_", " ").capitalize(),
        "status": error.status,
        "code": error.code,
        "detail": error.message,
        "hint": error.hint,
    }


def from_problem(body: Mapping[str, Any]) -> JarvisError:
    """The error that `body` (see `problem`) was made from; an unknown code stays on a plain JarvisError."""
    standard = {"type", "title", "status", "code", "detail", "hint", "instance"}
    facts = {key: value for key, value in body.items() if key not in standard}
    kind = _KINDS.get(str(body.get("code", "")), JarvisError)
    error = kind(str(body.get("detail", "")) or "Something went wrong.", str(body.get("hint", "")), facts)
    if kind is JarvisError:
        error.code = str(body.get("code") or kind.code)
        if isinstance(body.get("status"), int):
            error.status = int(body["status"])
    return error


def unexpected(error: BaseException) -> JarvisError:
    """A bug of ours, as the person sees it; the log has the rest."""
    return JarvisError(
        f"Jarvis met an error that it does not know ({type(error).__name__}).",
        "This is a bug in Jarvis: the log of the worker or the web process has the details.",
    )
