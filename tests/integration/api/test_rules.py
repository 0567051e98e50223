"""Who may call what: every route and every role."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update
from werkzeug.routing import Rule

from api_lab import NOBODY, V1, Api
from jarvis.accounts.roles import Role, may
from jarvis.accounts.tokens import checksum
from jarvis.api.operation import RULES
from models import AccessToken
from services.db_service import db_service

MATRIX = """
GET    /                                                      viewer
GET    /api/docs                                              anyone
GET    /api/openapi.json                                      anyone
GET    /api/v1/artifacts                                      viewer
POST   /api/v1/artifacts                                      admin
DELETE /api/v1/artifacts/<id>                                 admin
GET    /api/v1/artifacts/<id>                                 viewer
GET    /api/v1/artifacts/<id>/analysis                        viewer
POST   /api/v1/artifacts/<id>/analysis                        admin
GET    /api/v1/artifacts/<id>/content                         admin
POST   /api/v1/artifacts/git                                  admin
GET    /api/v1/certificate-authority                          viewer
GET    /api/v1/certificates                                   viewer
DELETE /api/v1/certificates/<name>                            admin
PUT    /api/v1/certificates/<name>                            admin
POST   /api/v1/cleanup                                        admin
GET    /api/v1/deployments                                    viewer
POST   /api/v1/deployments                                    admin
GET    /api/v1/deployments/<id>                               viewer
GET    /api/v1/domains                                        viewer
GET    /api/v1/domains/<id>                                   viewer
GET    /api/v1/events                                         viewer
GET    /api/v1/health                                         viewer
GET    /api/v1/notices                                        admin
POST   /api/v1/notices                                        admin
DELETE /api/v1/notices/<id>                                   admin
GET    /api/v1/notices/<id>                                   admin
PATCH  /api/v1/notices/<id>                                   admin
GET    /api/v1/notices/<id>/deliveries                        admin
GET    /api/v1/notices/<id>/deliveries/<delivery>             admin
POST   /api/v1/notices/<id>/test                              admin
POST   /api/v1/plans                                          admin
GET    /api/v1/plans/<id>                                     viewer
GET    /api/v1/registries                                     admin
DELETE /api/v1/registries/<host>                              admin
PUT    /api/v1/registries/<host>                              admin
GET    /api/v1/services                                       viewer
DELETE /api/v1/services/<name>                                admin
GET    /api/v1/services/<name>                                viewer
POST   /api/v1/services/<name>/check                          admin
GET    /api/v1/services/<name>/correction                     viewer
PUT    /api/v1/services/<name>/correction                     admin
GET    /api/v1/services/<name>/environment                    admin
PATCH  /api/v1/services/<name>/environment                    admin
POST   /api/v1/services/<name>/environment/import             admin
GET    /api/v1/services/<name>/health                         viewer
GET    /api/v1/services/<name>/logs                           viewer
GET    /api/v1/services/<name>/output                         viewer
PATCH  /api/v1/services/<name>/permissions                    admin
POST   /api/v1/services/<name>/redeploy                       admin
GET    /api/v1/services/<name>/releases                       viewer
DELETE /api/v1/services/<name>/releases/<id>/pin              admin
PUT    /api/v1/services/<name>/releases/<id>/pin              admin
POST   /api/v1/services/<name>/rollback                       admin
POST   /api/v1/services/<name>/rollback/plan                  admin
POST   /api/v1/services/<name>/runs                           admin
GET    /api/v1/services/<name>/settings                       viewer
PATCH  /api/v1/services/<name>/settings                       admin
GET    /api/v1/services/<name>/usage                          viewer
GET    /api/v1/tasks                                          viewer
POST   /api/v1/tasks                                          admin
GET    /api/v1/tasks/<id>                                     viewer
PATCH  /api/v1/tasks/<id>                                     admin
POST   /api/v1/tasks/<id>/done                                admin
POST   /api/v1/tasks/<id>/reject                              admin
POST   /api/v1/uploads                                        admin
DELETE /api/v1/uploads/<id>                                   admin
GET    /api/v1/uploads/<id>                                   admin
PATCH  /api/v1/uploads/<id>                                   admin
GET    /api/v1/usage                                          viewer
GET    /api/v1/webhooks                                       admin
POST   /api/v1/webhooks                                       admin
DELETE /api/v1/webhooks/<id>                                  admin
GET    /api/v1/webhooks/<id>                                  admin
PATCH  /api/v1/webhooks/<id>                                  admin
GET    /api/v1/webhooks/<id>/deliveries                       admin
GET    /api/v1/webhooks/<id>/deliveries/<delivery>            admin
POST   /api/v1/webhooks/<id>/deliveries/<delivery>/redeliver  admin
POST   /api/v1/webhooks/<id>/test                             admin
GET    /api/v1/workflows                                      viewer
POST   /api/v1/workflows                                      admin
GET    /api/v1/workflows/<id>                                 viewer
POST   /api/v1/workflows/<id>/cancel                          admin
GET    /api/v1/workflows/<id>/events                          viewer
POST   /api/v1/workflows/<id>/pause                           admin
POST   /api/v1/workflows/<id>/resume                          admin
POST   /api/v1/workflows/<id>/retry                           admin
GET    /artifacts                                             viewer
POST   /artifacts                                             admin
GET    /artifacts/<id>                                        viewer
POST   /artifacts/<id>/analysis                               admin
POST   /artifacts/<id>/delete                                 admin
POST   /artifacts/<id>/deploy                                 admin
POST   /artifacts/<id>/plan                                   admin
POST   /artifacts/git                                         admin
GET    /artifacts/git/<id>                                    viewer
GET    /certificate-authority                                 viewer
GET    /certificate-authority/root                            viewer
GET    /deployments/<id>                                      viewer
GET    /healthz                                               anyone
GET    /login                                                 anyone
POST   /login                                                 anyone
POST   /logout                                                viewer
GET    /metrics                                               viewer
GET    /notices                                               admin
POST   /notices                                               admin
POST   /notices/<id>                                          admin
GET    /plans/<id>                                            viewer
POST   /plans/<id>/deploy                                     admin
GET    /readyz                                                anyone
POST   /services                                              admin
GET    /services/<name>                                       viewer
POST   /services/<name>/environment                           admin
POST   /services/<name>/releases/<id>                         admin
GET    /services/<name>/rollback                              admin
POST   /services/<name>/rollback                              admin
POST   /services/<name>/runs                                  admin
GET    /services/<name>/settings                              viewer
POST   /services/<name>/settings                              admin
GET    /static/<path:filename>                                anyone
GET    /tasks                                                 viewer
GET    /tasks/<id>                                            viewer
POST   /tasks/<id>/done                                       admin
POST   /tasks/<id>/reject                                     admin
GET    /workflows                                             viewer
GET    /workflows/<id>                                        viewer
POST   /workflows/<id>/<verb>                                 admin
"""
"""Whoever adds a route writes here who may call it."""


def routes(api: Api) -> Iterator[tuple[str, Rule]]:
    """Every method and route that Jarvis declares itself."""
    for rule in sorted(
        api.app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))
    ):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule


NAMES = {
    "<id>": NOBODY,
    "<delivery>": NOBODY,
    "<name>": "nobody",
    "<verb>": "cancel",
    "<host>": "nowhere.example",
    "<path:filename>": "style.css",
}


def address(rule: Rule) -> str:
    """The route's address with names of things that are not there."""
    path = rule.rule
    for part, value in NAMES.items():
        path = path.replace(part, value)
    assert "<" not in path, path
    return path


def test_it_works(api: Api) -> None:
    rows = [f"{method:6} {rule.rule} {RULES[rule.endpoint].value}" for method, rule in routes(api)]
    print("\n".join(rows))
    assert [row.split() for row in rows] == [row.split() for row in MATRIX.strip().splitlines()]


def test_every_route_does_to_every_role_what_its_rule_says(api: Api) -> None:
    for method, rule in routes(api):
        needed = RULES[rule.endpoint]
        for role in Role:
            status = api.ask(method, address(rule), role).status_code
            if rule.endpoint == "pages.login" and method == "POST":
                assert status == 401, "the form without a token"
            elif may(role, needed):
                assert status not in {401, 403}, (method, rule.rule, role)
            else:
                assert status == (401 if role is Role.ANYONE else 403), (method, rule.rule, role)


def test_a_viewer_cannot_change_anything(api: Api) -> None:
    changing = {rule.endpoint for method, rule in routes(api) if method != "GET"}
    assert {name for name in changing if RULES[name] is not Role.ADMIN} == {"pages.login", "pages.logout"}


def test_a_route_without_a_rule_is_closed_to_everybody(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RULES, "api.list_tasks")
    for role in Role:
        assert "lacks a rule" in api.refused("GET", f"{V1}/tasks", 403, role=role)["hint"]


def test_a_browser_without_a_session_is_sent_to_the_login(api: Api) -> None:
    answer = api.ask("GET", "/services/shop?a=b", Role.ANYONE, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.location) == (302, "/login?next=/services/shop?a%3Db")


@pytest.mark.parametrize(
    "header",
    [
        "Bearer jarvis_unknown",
        "Bearer",
        "Bearer ",
        "Bearer \x00",
        "Bearer jarvis_" + "x" * 10_000,
        "Bearer jarvis_ü",
        "Basic amFydmlzOmphcnZpcw==",
        "jarvis_x",
        "Bearer ' OR 1=1 --",
    ],
)
def test_an_unknown_token_is_refused(api: Api, header: str) -> None:
    raw = header.encode("latin-1").decode("latin-1")
    answer = api.ask("GET", f"{V1}/tasks", Role.ANYONE, headers={"Authorization": raw})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="jarvis"'
    assert "jarvis_" not in answer.text


def test_a_revoked_token_is_refused_at_once(api: Api) -> None:
    token = api.seed.token(Role.ADMIN, "leaves")
    headers = {"Authorization": f"bearer {token}"}
    assert api.ask("GET", f"{V1}/tasks", headers=headers).status_code == 200
    with db_service.get_session() as session:
        mine = AccessToken.token_sha256 == checksum(token)
        session.execute(update(AccessToken).where(mine).values(revoked_at=AccessToken.created_at))
    api.refused("GET", f"{V1}/tasks", 401, headers=headers)


def test_a_role_that_is_not_known_any_more_may_nothing(api: Api) -> None:
    token = api.seed.token(Role.ADMIN, "odd")
    with db_service.get_session() as session:
        mine = AccessToken.token_sha256 == checksum(token)
        session.execute(update(AccessToken).where(mine).values(role="emperor"))
    api.refused("GET", f"{V1}/tasks", 401, headers={"Authorization": f"Bearer {token}"})


def test_the_checksum_of_a_token_is_no_token(api: Api) -> None:
    header = {"Authorization": f"Bearer {checksum(api.tokens[Role.ADMIN])}"}
    api.refused("GET", f"{V1}/tasks", 401, headers=header)


def test_the_name_of_the_caller_stands_on_what_they_made(api: Api) -> None:
    assert api.upload()["uploaded_by"] == "admin"
    row = api.deploy(name="mine")
    assert api.get(f"/workflows/{row['workflow_id']}")["created_by"] == "admin"
