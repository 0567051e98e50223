"""The environment that a deployment runs with: the version of its service's that it began with, for ever."""

from typing import Any, Literal

from sqlalchemy.orm import Session

from jarvis.settings import variables
from jarvis.workflows import ledger

Json = dict[str, Any]


def of_release(facts: Json, *, at: Literal["build", "run"]) -> dict[str, str]:
    """Names and values, secrets opened: for a program, never for a story.

    Args:
        facts: Of the deployment.
        at: `build` or `run`.
    """
    version = _version(facts)

    def work(session: Session) -> dict[str, str]:
        return variables.resolve(session, facts["service"], version, at=at)

    return ledger.patiently(work) if version else {}


def secrets_of(facts: Json) -> list[str]:
    """The values that must not be written down anywhere."""
    version = _version(facts)

    def work(session: Session) -> list[str]:
        return list(variables.secrets_of(session, facts["service"], version))

    return ledger.patiently(work) if version else []


def _version(facts: Json) -> int:
    return int(facts["configuration"].get("environment") or 0)
