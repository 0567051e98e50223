"""What every process that touches the engine must agree on."""

import json
import zlib
from typing import Any

from dbos import Serializer

APPLICATION = "jarvis"
SCHEMA = "jarvis_dbos"
QUEUE = "services"
"""One queue; its partition key is the service, and one workflow a partition runs at a time."""
VERSION = "1"
"""Rises only when the order of a workflow's steps changes; see docs/decisions/engine.md."""
WAKE_CHANNEL = "jarvis_work"
LOCK_SPACE = 7421
"""First key of the advisory locks by which a worker shows that it lives."""


def lock_key(executor_id: str) -> int:
    """The second key of a worker's advisory lock: a signed 32-bit number, as PostgreSQL wants it."""
    value = zlib.crc32(executor_id.encode())
    return value - 2**32 if value >= 2**31 else value


def life_id(workflow_id: str, life: int) -> str:
    """What the engine calls this life of a workflow: the first one has the id of the row."""
    return workflow_id if life == 1 else f"{workflow_id}.{life}"


def row_of(engine_id: str) -> str:
    """The id of the row behind what the engine calls `engine_id`."""
    return engine_id.partition(".")[0]


class JsonSerializer(Serializer):
    """Inputs and outputs as JSON. The library's default is pickle, which runs what stands in the table."""

    def serialize(self, data: Any) -> str:
        """`data` as JSON text; exceptions become their words."""
        return json.dumps(data, default=str)

    def deserialize(self, serialized_data: str) -> Any:
        """The value of the JSON text."""
        return json.loads(serialized_data)

    def name(self) -> str:
        """The name under which rows say how they were written."""
        return "jarvis_json"
