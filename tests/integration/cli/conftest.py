"""The application, answering over HTTP, for the commands of this folder that need no worker."""

import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

import api_lab
import config
import postgres_lab
from jarvis.accounts.roles import Role


@pytest.fixture(scope="module")
def api(postgres: postgres_lab.Server, engine_template: str) -> Iterator[api_lab.Api]:
    """The application, with a database of this file's own."""
    with api_lab.fresh(postgres, engine_template) as made:
        yield made


@pytest.fixture
def answering(api: api_lab.Api, monkeypatch: pytest.MonkeyPatch) -> Iterator[api_lab.Api]:
    """The same, where the commands of this process find it."""
    server = make_server("127.0.0.1", 0, api.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    monkeypatch.setenv("JARVIS_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("JARVIS_TOKEN", api.tokens[Role.ADMIN])
    config.settings.cache_clear()
    yield api
    server.shutdown()
    thread.join(30)
    server.server_close()
