"""What people and programs send by mistake or on purpose is refused, and never breaks anything."""

from typing import Any

import pytest

from api_lab import NOBODY, V1, Api

LONG = "x" * 100_000


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"\xff\xfe",
        b"nonsense",
        b'{"artifact_id": }',
        b'{"artifact_id": "\\ud800"}',
        b'{"artifact_id": "\xff"}',
        b"\x00",
        b'{"artifact_id": "a"}{}',
    ],
)
def test_what_is_no_json_is_refused(api: Api, raw: bytes) -> None:
    assert api.refused("POST", f"{V1}/deployments", 400, data=raw)["code"] == "bad_request"


@pytest.mark.parametrize(
    "body",
    [
        [],
        "text",
        7,
        None,
        {},
        {"artifact_id": None},
        {"artifact_id": 7},
        {"artifact_id": ["a"]},
        {"artifact_id": NOBODY, "surprise": 1},
        {"artifact_id": NOBODY, "name": {}},
        {"artifact_id": NOBODY, "domain": False},
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(api: Api, body: Any) -> None:
    assert "does not fit" in api.refused("POST", f"{V1}/deployments", 422, json=body)["detail"]


def test_a_body_of_many_brackets_is_refused(api: Api) -> None:
    for raw in (b"[" * 100_000, b'{"artifact_id":' * 50_000, b'{"surprise":' + b"[" * 100_000):
        assert api.ask("POST", f"{V1}/deployments", data=raw).status_code in {400, 422}


def test_an_empty_body_lacks_the_artifact(api: Api) -> None:
    assert "artifact_id" in api.refused("POST", f"{V1}/deployments", 422)["detail"]


@pytest.mark.parametrize(
    "value",
    ["A", "-a", "a.b", "a b", "a\x00b", "\u202e", LONG, "ü", "../x", "a/b", "'; DROP TABLE x", " ", "a\n"],
)
def test_a_bad_name_is_refused(api: Api, value: str) -> None:
    key = api.upload()["id"]
    body = api.refused("POST", f"{V1}/deployments", 422, json={"artifact_id": key, "name": value})
    assert body["field"] == "name"
    assert len(body["detail"]) < 300


@pytest.mark.parametrize(
    "value", ["a", "127.0.0.1", "a\x00b.example", LONG, "http://a.b", "a_b.c", "*.a.b", " "]
)
def test_a_bad_domain_is_refused(api: Api, value: str) -> None:
    key = api.upload()["id"]
    body = api.refused("POST", f"{V1}/deployments", 422, json={"artifact_id": key, "domain": value})
    assert body["field"] == "domain"
    assert len(body["detail"]) < 400


def test_the_longest_domain_can_be_deployed_to(api: Api) -> None:
    label = "a" * 63
    domain = ".".join([label, label, label, "a" * 51, "localhost"])
    assert len(domain) == 253
    assert api.deploy(domain=domain)["domain"] == domain


@pytest.mark.parametrize("noun", ["artifacts", "deployments", "workflows", "tasks", "domains"])
@pytest.mark.parametrize("key", ["1", "x" * 3000, "%27", "%F0%9F%92%A9", "%FF", "..", f"{NOBODY}0", "null"])
def test_an_id_that_is_none_is_not_found(api: Api, noun: str, key: str) -> None:
    api.refused("GET", f"{V1}/{noun}/{key}", 404)


@pytest.mark.parametrize(
    "path",
    [
        "/services/a%00",
        "/services/a%00/logs",
        "/services?cursor=%00",
        "/deployments?service=%00",
        "/deployments/%00",
        "/workflows?type=%00",
        "/workflows?service=a&service=%00",
        "/domains?domain=%00",
        "/tasks?anything=%00",
    ],
)
def test_the_sign_nul_is_refused_everywhere(api: Api, path: str) -> None:
    api.refused("GET", V1 + path, 400)


@pytest.mark.parametrize("name", ["%27%3B--", "x" * 3000, "%F0%9F%92%A9", "%FF", "%0A", "A"])
def test_a_service_that_nobody_could_have_made_is_not_found(api: Api, name: str) -> None:
    api.refused("GET", f"{V1}/services/{name}", 404)
    api.refused("GET", f"{V1}/services/{name}/logs", 404)
    api.refused("DELETE", f"{V1}/services/{name}", 404)
    api.refused("POST", f"{V1}/services/{name}/rollback", 404)
    for path in (f"/services/{name}", f"/deployments/{name}"):
        assert api.ask("GET", path, headers={"Accept": "text/html"}).status_code in {302, 404}


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 5000, "٣", "1 "])
def test_a_place_in_a_story_is_a_number(api: Api, after: str) -> None:
    key = api.seed.deployment("placed")[1]
    assert api.refused("GET", f"{V1}/workflows/{key}/events?after={after}", 422)["field"] == "after"
    headers = {"Last-Event-ID": after.encode().decode("latin-1")}
    api.refused("GET", f"{V1}/workflows/{key}/events", 422, headers=headers)


BODIES = (
    ("POST", "/artifacts/git", "url"),
    ("POST", f"/artifacts/{NOBODY}/analysis", "service"),
    ("PUT", "/services/nobody/correction", "root"),
    ("POST", "/services/nobody/rollback", "deployment_id"),
)


@pytest.mark.parametrize(("method", "path", "field"), BODIES)
@pytest.mark.parametrize("value", [7, False, [], {}, [["x"]], 1e308])
def test_a_member_of_a_wrong_type_is_refused_everywhere(
    api: Api, method: str, path: str, field: str, value: Any
) -> None:
    assert field in api.refused(method, V1 + path, 422, json={field: value})["detail"]


@pytest.mark.parametrize(("method", "path", "field"), BODIES)
def test_an_unknown_member_is_refused_everywhere(api: Api, method: str, path: str, field: str) -> None:
    said = api.refused(method, V1 + path, 422, json={field: "x", "surprise": 1})
    assert "surprise" in said["detail"]


@pytest.mark.parametrize(("method", "path", "field"), BODIES)
@pytest.mark.parametrize("raw", [b"{", b"\xff", b'{"', b"nul"])
def test_broken_json_is_refused_everywhere(api: Api, method: str, path: str, field: str, raw: bytes) -> None:
    api.refused(method, V1 + path, 400, data=raw, content_type="application/json")


@pytest.mark.parametrize(("method", "path", "field"), BODIES)
def test_a_body_that_is_too_large_is_refused_everywhere(api: Api, method: str, path: str, field: str) -> None:
    api.refused(method, V1 + path, 413, json={field: "x" * (1024 * 1024)})


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("filename " + "QUFB" * 20_000, 201),  # only its end is kept
        ("note " + "QUFB" * 20_000 + ",filename YQ==", 201),  # a word that nobody asked for
        (",".join(f"a{number} YQ==" for number in range(5000)), 201),
        ("service " + "QUFB" * 20_000, 422),
        ("sha256 " + "QUFB" * 20_000, 422),
        ("analyse " + "QUFB" * 20_000, 422),
        ("filename AA==", 400),
    ],
)
def test_oversized_metadata_of_an_upload_breaks_nothing(api: Api, words: str, status: int) -> None:
    headers = {"Upload-Length": "5", "Upload-Metadata": words}
    answer = api.ask("POST", f"{V1}/uploads", headers=headers)
    assert answer.status_code == status, answer.text
    assert len(answer.data) < 2000


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/artifacts/{NOBODY}/content"),
        ("GET", f"/artifacts/{NOBODY}/analysis"),
        ("POST", f"/artifacts/{NOBODY}/analysis"),
        ("DELETE", f"/artifacts/{NOBODY}"),
        ("GET", f"/uploads/{NOBODY}"),
        ("DELETE", f"/uploads/{NOBODY}"),
        ("GET", "/services/nobody/correction"),
        ("PUT", "/services/nobody/correction"),
    ],
)
def test_what_is_not_there_is_not_found(api: Api, method: str, path: str) -> None:
    api.refused(method, V1 + path, 404)


def test_a_service_without_a_version_before_cannot_go_back(api: Api) -> None:
    api.seed.live("first")
    assert "hint" in api.refused("POST", f"{V1}/services/first/rollback", 409)
