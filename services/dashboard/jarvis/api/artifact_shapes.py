"""The shapes of artifacts, uploads and of what is found in them."""

from typing import Annotated, Any, Literal

import msgspec


class ArtifactRow(msgspec.Struct):
    """One upload."""

    id: str
    filename: str
    original_filename: str
    file_type: str
    storage_path: str
    file_size: int
    checksum_sha256: str
    detected_service_type: str | None
    uploaded_by: str
    uploaded_at: str
    metadata: dict[str, Any]


class Artifacts(msgspec.Struct):
    """A page of uploads."""

    items: list[ArtifactRow]
    next: str | None


class UploadRow(msgspec.Struct):
    """An upload in pieces: `offset` of `size` bytes have come; with the last it becomes an artifact."""

    id: str
    filename: str
    declared_type: str
    size: int
    offset: int
    checksum_sha256: str | None
    uploaded_by: str
    artifact_id: str | None
    metadata: dict[str, Any]
    created_at: str
    updated_at: str
    expires_at: str


class Analysis(msgspec.Struct):
    """What an artifact is and how it would be made; `error` says why it could not be looked at."""

    verdict: dict[str, Any] | None
    plan: dict[str, Any] | None
    error: dict[str, Any] | None


class CorrectionRow(msgspec.Struct):
    """What a person said better about a service."""

    members: dict[str, Any]
    by: str | None
    at: str | None


class Correction(msgspec.Struct, forbid_unknown_fields=True):
    """Members of the verdict that a person sets; null and missing ones are left to the analysis."""

    kind: Literal["static", "web", "worker", "script", "compose", "dockerfile"] | None = None
    root: str | None = None
    language: str | None = None
    framework: str | None = None
    install_command: str | None = None
    build_command: str | None = None
    start_command: str | None = None
    static_dir: str | None = None
    spa: bool | None = None
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] | None = None
    health_path: str | None = None


class AnalysisRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Analyse an artifact; what was said better about `service` counts."""

    service: str = ""


class GitRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Fetch a git repository. `ref` is a branch, a tag or a commit; empty: the repository's own choice."""

    url: str
    ref: str = ""
    service: str = ""
    analyse: bool = True
