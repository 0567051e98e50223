"""The web application in this process, on a database with the engine's tables; answers are checked."""

import logging
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask import Flask
from werkzeug.test import TestResponse

import config
from app import create_app
from jarvis.accounts.roles import Role
from jarvis.api.operation import OPERATIONS
from jarvis.engine import request
from postgres_lab import Server
from seed import Seed
from services.db_service import db_service

ANSWERS = {(item.method, item.endpoint): item.answers for item in OPERATIONS}
V1 = "/api/v1"
NOBODY = "0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11"
"""An id that no row has."""


class Api:
    """The application with a token of each role."""

    def __init__(self, app: Flask, home: Path) -> None:
        self.app = app
        self.home = home
        self.seed = Seed(db_service)
        self.tokens = {role: self.seed.token(role, role.value) for role in (Role.VIEWER, Role.ADMIN)}

    def ask(self, method: str, path: str, role: Role = Role.ADMIN, **options: Any) -> TestResponse:
        """One request; a good answer must have exactly the declared shape."""
        headers = {**options.pop("headers", {})}
        if role is not Role.ANYONE:
            headers.setdefault("Authorization", f"Bearer {self.tokens[role]}")
        with self.app.test_client() as client:
            answer = client.open(path, method=method, headers=headers, **options)
            answer.get_data()
            answer.close()
        self._check(method, path, answer)
        return answer

    def get(self, path: str, **options: Any) -> Any:
        """The JSON of a page that must be there."""
        answer = self.ask("GET", V1 + path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json

    def refused(self, method: str, path: str, status: int, **options: Any) -> dict[str, Any]:
        """The problem object of a request that must be refused with `status`."""
        answer = self.ask(method, path, **options)
        assert answer.status_code == status, answer.text
        return problem(answer)

    def upload(self, content: bytes = b"<p>1", query: str = "filename=index.html", **options: Any) -> Any:
        """Hand something in; returns its row."""
        answer = self.ask("POST", f"{V1}/artifacts?{query}", data=content, **options)
        assert answer.status_code == 201, answer.text
        return answer.json

    def deploy(self, **body: str) -> Any:
        """Ask for a deploy of a new artifact; returns its row."""
        answer = self.ask("POST", f"{V1}/deployments", json={"artifact_id": self.upload()["id"], **body})
        assert answer.status_code == 202, answer.text
        return answer.json

    def kept(self) -> set[str]:
        """Every file in the store of artifacts."""
        folder = self.home / "artifacts"
        return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    def _check(self, method: str, path: str, answer: TestResponse) -> None:
        if method == "HEAD" or answer.status_code >= 400 or not (answer.mimetype or "").endswith("json"):
            return
        with self.app.test_request_context(path, method=method) as context:
            endpoint = context.request.endpoint or ""
        if endpoint.startswith("api."):
            kind = ANSWERS[(method, endpoint)][answer.status_code]
            assert msgspec.to_builtins(msgspec.convert(answer.json, kind, strict=True)) == answer.json


def problem(answer: TestResponse) -> dict[str, Any]:
    """The problem object of a refusal, whose form is checked."""
    assert answer.content_type == "application/problem+json"
    body = answer.json
    assert isinstance(body, dict)
    for member in ("type", "title", "detail", "hint", "code"):
        assert isinstance(body[member], str), member
    assert body["status"] == answer.status_code
    assert body["type"] == f"urn:jarvis:error:{body['code']}"
    assert body["title"]
    assert body["detail"]
    return body


@contextmanager
def serve(database_url: str, home: Path, **settings: object) -> Generator[Api]:
    """The application with these settings; afterwards the process is as it was."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    with pytest.MonkeyPatch.context() as patch:
        for name in (config.variable(item) for item in config.Settings.__dataclass_fields__):
            patch.delenv(name, raising=False)
        patch.setenv("JARVIS_DATABASE_URL", database_url)
        patch.setenv("JARVIS_HOME", str(home))
        for name, value in settings.items():
            patch.setenv(config.variable(name), str(value))
        _forget()
        try:
            app = create_app()
            yield Api(app, home)
        finally:
            root.handlers[:], root.level = before
            # The thread that listens for all streams never ends; without a database it would go on about it.
            logging.getLogger("jarvis.workflows.stream").setLevel(logging.ERROR)
            _forget()
    config.settings.cache_clear()


@contextmanager
def fresh(server: Server, template: str, **settings: object) -> Generator[Api]:
    """The application on a fresh copy of the database `template`, in a short home of its own."""
    name = server.create(template)
    with (
        tempfile.TemporaryDirectory(prefix="japi-") as folder,
        serve(server.url(name), Path(folder), **settings) as api,
    ):
        yield api
    server.drop(name)


def _forget() -> None:
    config.settings.cache_clear()
    request.client.cache_clear()
    db_service.close()
