"""Keeps a verdict on the row of its artifact."""

from typing import Any

from jarvis.workflows import events
from models import Artifact

Json = dict[str, Any]


def write_down(artifact: Artifact, verdict: Json, plan: Json) -> None:
    """Keep a verdict on the artifact's row."""
    rest = {key: value for key, value in artifact.artifact_metadata.items() if key != "error"}
    artifact.artifact_metadata = {**rest, **events.storable({"verdict": verdict, "plan": plan})}
    artifact.detected_service_type = str(verdict["kind"])
