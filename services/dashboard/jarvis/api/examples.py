"""An example of every shape of the API, put together from examples of its members."""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]

UNKNOWN = "…"
"""Stands where nothing is known of a member; a test finds it."""
_ID = "0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11"
_WORKFLOW = "6b1f7a52-8f0e-4a53-b1e3-0c9f0b6c1d22"
_DEPLOYMENT = "f3a9c1d0-55be-4c4e-9a3b-2f6f7f7c8e33"
_TIME = "2026-03-02T09:30:00+00:00"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_CURSOR = "YXJ0aWZhY3RzfDIwMjYtMDMtMDI"

MEMBERS: dict[str, Any] = {
    "id": _ID,
    "name": "mysite",
    "status": "running",
    "next": _CURSOR,
    "url": "http://mysite.localhost:8080/",
    "urls": ["http://mysite.localhost:8080/"],
    "hosts": ["mysite.localhost"],
    "metadata": {"service": "mysite"},
    "filename": "site.zip",
    "original_filename": "site.zip",
    "storage_path": "9f/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "file_type": "zip",
    "file_size": 1258291,
    "declared_type": "zip",
    "size": 1258291,
    "offset": 524288,
    "artifact_id": _ID,
    "deployment_id": _DEPLOYMENT,
    "workflow_id": _WORKFLOW,
    "webhook_id": _ID,
    "to": "https://ntfy.sh/my-topic",
    "server": "",
    "token": "tk_example",
    "smtp": "smtp://user@mail.example.org:587",
    "sender": "jarvis@example.org",
    "changes": [],
    "checked_at": _TIME,
    "since": _TIME,
    "why": "it was seen from outside after its deploy",
    "service_name": "mysite",
    "service": "mysite",
    "command": ["python3", "manage.py", "migrate"],
    "seconds": 600,
    "allow": ["ports"],
    "forbid": [],
    "allowed": ["ports"],
    "health_status": "healthy",
    "configuration": {"hosts": ["mysite.localhost"], "files": 14},
    "releases": 3,
    "version": "0.5.0",
    "healthy": True,
    "database": {"healthy": True, "message": "Database connection successful"},
    "migrations": {"current_revision": "007", "head_revision": "007", "up_to_date": True, "message": ""},
    "verdict": {"kind": "static", "root": "", "confidence": 1.0},
    "plan": {"kind": "static", "root": ""},
    "members": {"kind": "static", "static_dir": "public"},
    "workflow_type": "deployment",
    "queue": "deploy",
    "current_step": 5,
    "total_steps": 5,
    "life": 1,
    "steps": [],
    "sequence": 7,
    "kind": "done",
    "step": "unpack",
    "message": "14 files, 1.2 MiB",
    "text": "listening on port 3000",
    "data": {"seconds": 0.041},
    "said": "14 files, 1.2 MiB",
    "number": 1,
    "time": _TIME,
    "at": _TIME,
    "cursor": "91822-417",
    "title": "Point mysite.example.org at this machine",
    "detail": "There is no artifact 7.",
    "hint": "See GET /api/v1/artifacts.",
    "description": "Add these records at your DNS provider.",
    "task_type": "dns_manual",
    "type": "dns_manual",
    "priority": "medium",
    "instructions": {"records": [{"type": "A", "name": "mysite.example.org", "value": "192.0.2.10"}]},
    "domain": "mysite.localhost",
    "record_type": "A",
    "value": "192.0.2.10",
    "ttl": 300,
    "auto_managed": True,
    "events": ["workflow.failed", "task.opened"],
    "event": "workflow.failed",
    "active": True,
    "secret": "whsec_shown-once",
    "payload": {"event": "workflow.failed"},
    "attempts": 1,
    "answer_status": 200,
    "by": "anna",
    "phase": "both",
    "changed": ["LOG_LEVEL"],
    "hash": _SHA256,
    "holds": True,
    "difference": [],
    "words": {"changes": ["“mysite” is new.", "It runs as “static”. These are finished pages."]},
    "release": _DEPLOYMENT,
    "runtime": "static",
    "bytes": 1258291,
    "environment": 4,
    "issuer": "Let's Encrypt",
    "not_before": _TIME,
    "not_after": "2026-05-31T09:30:00+00:00",
    "serial": "4a2f6f7f7c8e33",
    "certificate": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    "pinned": True,
    "current": True,
}
"""By the member's name."""

MEMBERS_OF: dict[str, Any] = {
    "WorkflowRow.name": "Deploy mysite to mysite.localhost",
    "WorkflowRow.status": "completed",
    "WorkflowDetail.name": "Deploy mysite to mysite.localhost",
    "WorkflowDetail.status": "completed",
    "TaskRow.status": "pending",
    "DomainRow.priority": None,
    "DomainRow.status": "verified",
    "CertificateRow.name": "www.example.com",
    "CertificateRow.by": "acme",
    "Certificates.next": None,
    "DeliveryRow.status": "delivered",
    "WebhookRow.name": "chat room",
    "WebhookRow.url": "https://example.org/jarvis",
    "WebhookMade.name": "chat room",
    "WebhookMade.url": "https://example.org/jarvis",
    "RegistryRow.host": "ghcr.io",
    "RegistryRow.username": "shop",
    "UploadRow.artifact_id": None,
    "Events.next": 7,
    "Feed.next": "91822-417",
    "Analysis.error": None,
    "PlanRow.status": "completed",
    "PlanRow.error": None,
    "PlanRow.plan": {"action": "deploy", "service": "mysite", "new": True, "hash": _SHA256},
    "RollbackPlan.plan": {"action": "rollback", "service": "mysite", "new": False, "hash": _SHA256},
    "Environment.version": 4,
    "EnvironmentChanged.version": 4,
    "EnvironmentChanged.message": "This counts from the next deploy on.",
    "VariableRow.name": "LOG_LEVEL",
    "VariableRow.value": "info",
    "VariableRow.secret": False,
    "VariableRow.version": 4,
    "StepRow.status": "done",
    "HealthChangeRow.id": 12,
    "HealthChangeRow.before": "healthy",
    "HealthChangeRow.after": "unhealthy",
    "UsagePoint.cpu": 3.4,
    "UsagePoint.memory": 48_234_496,
    "UsagePoint.memory_limit": 512_000_000,
    "UsageRow.runtime": "process",
    "ServiceUsage.runtime": "process",
    "SettingRow.name": "limits.memory",
    "SettingRow.title": "Limit: memory",
    "SettingRow.help": "What one copy may take. 0: as much as there is.",
    "SettingRow.value": 512000000,
    "SettingRow.shown": "512MB",
    "SettingRow.source": "set by anna, 2026-03-02",
    "SettingRow.runs": None,
    "SettingRow.pending": True,
    "SettingsRow.version": 3,
    "SettingsRow.members": {"limits": {"memory": 512000000}},
    "SettingsRow.changes": [],
    "SettingsChanged.version": 3,
    "SettingsChanged.members": {"limits": {"memory": 512000000}},
    "SettingsChanged.changes": [],
    "SettingsChanged.changed": ["limits.memory"],
    "SettingsChanged.message": "This takes effect with the next deploy of mysite: jarvis redeploy mysite",
    "StepRow.name": "unpack",
    "StepRow.title": "Unpacking the artifact",
}
"""By `Shape.member`, which goes before the member's name alone."""


def of(name: str, shapes: Mapping[str, Json]) -> Any:
    """An example of the shape `name`."""
    members = shapes[name].get("properties", {})
    return {member: _member(name, member, schema, shapes) for member, schema in members.items()}


def _member(shape: str, member: str, schema: Json, shapes: Mapping[str, Json]) -> Any:
    known = MEMBERS_OF.get(f"{shape}.{member}", UNKNOWN)
    if known is not UNKNOWN:
        return known
    nested = [schema, schema.get("items", {}), *schema.get("anyOf", ())]
    for each in nested:
        if "$ref" in each:
            found = of(str(each["$ref"]).rsplit("/", 1)[-1], shapes)
            return [found] if each is schema.get("items") else found
    if "enum" in schema:
        return schema["enum"][0]
    return MEMBERS.get(member, _ending(member, schema))


def _ending(member: str, schema: Json) -> Any:
    """By how the member's name ends."""
    if member.endswith("_at"):
        return None if member in {"stopped_at", "due_at"} else _TIME
    if member.endswith("_by"):
        return "anna"
    if member.endswith("sha256"):
        return _SHA256
    may_lack = any(each.get("type") == "null" for each in schema.get("anyOf", ()))
    return None if may_lack else UNKNOWN
