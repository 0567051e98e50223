"""The web application: pages and API. It writes requests; the worker does the work."""

import secrets
from pathlib import Path

from flask import Flask, Response

import config
from jarvis import log as logs
from jarvis.accounts import tokens
from jarvis.accounts.roles import Role
from jarvis.api import (
    analysis,
    artifacts,
    certificates,
    condition,
    content,
    deployments,
    domains,
    events,
    health,
    notices,
    permissions,
    plans,
    problem,
    rate,
    registries,
    releases,
    runs,
    services,
    tasks,
    upkeep,
    uploads,
    usage,
    variables,
    webhooks,
    workflows,
)
from jarvis.api import settings as service_settings
from jarvis.api.body import watched
from jarvis.api.openapi import document
from jarvis.api.operation import RULES, answer, blueprint
from jarvis.home import Home
from jarvis.private import write_private
from jarvis.web import artifacts as artifact_pages
from jarvis.web import guard, pages
from jarvis.web import notices as notice_pages
from jarvis.web import plans as plan_pages
from jarvis.web import runs as run_pages
from jarvis.web import settings as setting_pages
from jarvis.web import tasks as task_pages
from jarvis.web import trust as trust_pages
from jarvis.web import variables as variable_pages
from jarvis.web import workflows as workflow_pages
from services.db_service import DatabaseUnavailable, db_service

OPERATIONS = (
    artifacts,
    content,
    uploads,
    analysis,
    plans,
    deployments,
    runs,
    permissions,
    releases,
    services,
    service_settings,
    variables,
    upkeep,
    condition,
    usage,
    workflows,
    events,
    tasks,
    webhooks,
    notices,
    registries,
    domains,
    certificates,
    health,
)
"""Every noun of the API. Importing declares its operations."""


def _session_key(settings: config.Settings) -> str:
    """The key that signs sessions: given, or made once and kept."""
    if settings.secret_key:
        return settings.secret_key
    file = Home(settings.home).session_key
    if not file.is_file():
        write_private(file, secrets.token_urlsafe(48))
    return file.read_text(encoding="ascii").strip()


def _first_token(file: Path) -> None:
    """Make the first access token, and say where it is kept. The token itself never reaches a log."""
    try:
        with db_service.get_session() as session:
            token = tokens.first(session, file)
    except DatabaseUnavailable:
        return
    if token:
        print(f"First start: the access token is kept in {file}", flush=True)  # noqa: T201 - start-up line


def _openapi() -> Response:
    return answer(document())


def create_app() -> Flask:
    """Start up as the document says, and return the application."""
    settings = config.settings()
    logs.configure(settings.log_level, "web")
    db_service.initialise(lambda line: print(line, flush=True))  # noqa: T201 - the document's start-up lines
    _first_token(Home(settings.home).token)
    app = Flask(__name__, template_folder="jarvis/web/templates", static_folder="jarvis/web/static")
    app.config.from_mapping(
        SECRET_KEY=_session_key(settings),
        SESSION_COOKIE_NAME="jarvis_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=14 * 24 * 3600,
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    problem.install(app)
    guard.install(app)
    rate.install(app)
    app.register_blueprint(blueprint)
    app.register_blueprint(health.probes)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(artifact_pages.blueprint)
    app.register_blueprint(plan_pages.blueprint)
    app.register_blueprint(setting_pages.blueprint)
    app.register_blueprint(workflow_pages.blueprint)
    app.register_blueprint(task_pages.blueprint)
    app.register_blueprint(variable_pages.blueprint)
    app.register_blueprint(run_pages.blueprint)
    app.register_blueprint(notice_pages.blueprint)
    app.register_blueprint(trust_pages.blueprint)
    app.add_url_rule("/api/openapi.json", "openapi", _openapi)
    RULES["openapi"] = Role.ANYONE
    RULES["static"] = Role.ANYONE
    app.wsgi_app = watched(app.wsgi_app)
    return app
