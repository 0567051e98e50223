"""Nobody changes what they have not seen, and nobody reads twice what is the same."""

import pytest

from api_lab import NOBODY, V1, Api


def tag(api: Api, path: str) -> str:
    """The ETag that GET gives."""
    found = api.ask("GET", V1 + path)
    assert found.status_code == 200
    return found.headers["ETag"]


def test_it_works(api: Api) -> None:
    key = api.upload()["id"]
    path = f"/artifacts/{key}"
    now = tag(api, path)
    assert now.startswith('"'), "a strong one"
    assert tag(api, path) == now
    said = api.refused("DELETE", V1 + path, 412, headers={"If-Match": '"another"'})
    assert said["etag"] == now
    assert api.ask("DELETE", V1 + path, headers={"If-Match": f'"x", {now}'}).status_code == 204
    api.refused("DELETE", V1 + path, 404, headers={"If-Match": now})


def test_who_has_it_already_gets_no_body(api: Api) -> None:
    path = f"/artifacts/{api.upload()['id']}"
    now = tag(api, path)
    for header in (now, f"W/{now}", f'"x", {now}', "*"):
        answer = api.ask("GET", V1 + path, headers={"If-None-Match": header})
        assert (answer.status_code, answer.data) == (304, b""), header
        assert answer.headers["ETag"] == now
        assert "Content-Type" not in answer.headers
    assert api.ask("GET", V1 + path, headers={"If-None-Match": '"x"'}).status_code == 200


def test_a_list_has_an_etag_that_changes_with_it(api: Api) -> None:
    before = tag(api, "/artifacts")
    api.upload()
    assert tag(api, "/artifacts") != before


def test_a_head_tells_the_same_etag(api: Api) -> None:
    path = f"/artifacts/{api.upload()['id']}"
    assert api.ask("HEAD", V1 + path).headers["ETag"] == tag(api, path)


def test_of_two_who_correct_at_once_one_is_told(api: Api) -> None:
    api.seed.live("twice")
    path = "/services/twice/correction"
    seen = tag(api, path)
    first = api.ask("PUT", V1 + path, json={"static_dir": "a"}, headers={"If-Match": seen})
    assert first.status_code == 200
    api.refused("PUT", V1 + path, 412, json={"static_dir": "b"}, headers={"If-Match": seen})
    assert api.get(path)["members"] == {"static_dir": "a"}
    again = {"If-Match": tag(api, path)}
    assert api.ask("PUT", V1 + path, json={"static_dir": "b"}, headers=again).status_code == 200


def test_a_service_that_was_deployed_meanwhile_is_not_removed(api: Api) -> None:
    api.seed.live("moved")
    seen = tag(api, "/services/moved")
    api.seed.live("moved")
    api.refused("DELETE", f"{V1}/services/moved", 412, headers={"If-Match": seen})
    now = {"If-Match": tag(api, "/services/moved")}
    assert api.ask("DELETE", f"{V1}/services/moved", headers=now).status_code == 202


def test_an_upload_that_went_on_is_not_ended(api: Api) -> None:
    made = api.ask("POST", f"{V1}/uploads", headers={"Upload-Length": "10"})
    path = made.headers["Location"].removeprefix(V1)
    seen = tag(api, path)
    pieces = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    assert api.ask("PATCH", V1 + path, data=b"12", headers={**pieces, "If-Match": seen}).status_code == 204
    api.refused(
        "PATCH", V1 + path, 412, data=b"3", headers={**pieces, "Upload-Offset": "2", "If-Match": seen}
    )
    api.refused("DELETE", V1 + path, 412, headers={"If-Match": seen})
    assert api.ask("DELETE", V1 + path, headers={"If-Match": tag(api, path)}).status_code == 204


@pytest.mark.parametrize("header", ["", "x", "W/", '"', "W/*", "ü", '"a' * 5000])
def test_an_if_match_that_fits_nothing_changes_nothing(api: Api, header: str) -> None:
    path = f"{V1}/artifacts/{api.upload()['id']}"
    raw = header.encode().decode("latin-1")
    api.refused("DELETE", path, 412, headers={"If-Match": raw})
    assert api.ask("GET", path, headers={"If-None-Match": raw}).status_code == 200


def test_a_weak_etag_is_not_enough_to_change(api: Api) -> None:
    path = f"/artifacts/{api.upload()['id']}"
    api.refused("DELETE", V1 + path, 412, headers={"If-Match": f"W/{tag(api, path)}"})


def test_any_state_will_do_for_a_star(api: Api) -> None:
    assert api.ask("DELETE", f"{V1}/artifacts/{NOBODY}", headers={"If-Match": "*"}).status_code == 404
    path = f"{V1}/artifacts/{api.upload()['id']}"
    assert api.ask("DELETE", path, headers={"If-Match": "*"}).status_code == 204
