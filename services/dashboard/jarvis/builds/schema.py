"""The plan's shape as a JSON Schema, and a stored plan read back."""

from typing import Any

import msgspec

from jarvis.builds.plan import SCHEMA, BuildPlan, checksum
from jarvis.errors import InvalidInput


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a plan, made from the classes that it is made of."""
    made = msgspec.json.schema(BuildPlan)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def load(text: bytes | str) -> BuildPlan:
    """The plan that `BuildPlan.to_json()` wrote.

    Raises:
        InvalidInput: It is no plan, one of another schema, or not the one that its checksum is of.
    """
    try:
        found = msgspec.json.decode(text, type=BuildPlan)
    except msgspec.DecodeError as error:
        raise InvalidInput(f"This is not a build plan: {error}.", "Make the plan again.") from error
    if found.schema != SCHEMA:
        raise InvalidInput(
            f"The plan has schema {found.schema}; this Jarvis knows {SCHEMA}.", "Make the plan again."
        )
    if found.sha256 != checksum(found.to_dict()):
        raise InvalidInput("The plan was changed after it was made.", "Make the plan again.")
    return found
