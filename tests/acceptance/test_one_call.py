"""A site handed in and deployed by one request."""

import io
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import git_lab
from jarvis_lab import Lab, site, until

PATH = "/api/v1/deployments"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[git_lab.GitServer]:
    with git_lab.serve(tmp_path_factory.mktemp("repositories")) as running:
        yield running


def packed(text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("index.html", text)
    return file.getvalue()


def ended(jarvis: Lab, row: dict[str, Any]) -> dict[str, Any]:
    """The deployment, once it runs or has failed."""

    def look() -> dict[str, Any] | None:
        found = jarvis.api("GET", f"{PATH}/{row['id']}")[1]
        return found if found["status"] in {"running", "failed"} else None

    return until(look, f"the end of {row['id']}")


def test_it_works(jarvis: Lab) -> None:
    status, row = jarvis.api("POST", f"{PATH}?domain=onecall.localhost", packed("<p>one call"))
    assert (status, row["service_name"], row["status"]) == (202, "onecall", "pending")
    assert ended(jarvis, row)["status"] == "running"
    assert jarvis.get("onecall.localhost") == (200, b"<p>one call")


def test_curl_sends_a_file_and_a_form(jarvis: Lab, tmp_path: Path) -> None:
    (tmp_path / "site.zip").write_bytes(packed("<p>as it is"))
    folder = site(tmp_path / "folder", "as a form")
    address = f"http://127.0.0.1:{jarvis.web_port}{PATH}?name=curled"
    head = ["curl", "-sS", "--fail-with-body", "-H", f"Authorization: Bearer {jarvis.token}"]
    parts = [
        word
        for file in sorted(folder.iterdir())
        for word in ("-F", f"file=@{file};filename=folder/{file.name}")
    ]
    for words, text in (
        (["--data-binary", f"@{tmp_path / 'site.zip'}"], b"as it is"),
        (["-T", str(tmp_path / "site.zip"), "-X", "POST"], b"as it is"),
        (parts, b"as a form"),
    ):
        done = subprocess.run([*head, *words, address], capture_output=True, timeout=60)
        assert done.returncode == 0, done
        until(lambda text=text: text in jarvis.get("curled.localhost")[1], f"the page {text!r}")


def test_a_repository_is_deployed_by_one_request(jarvis: Lab, server: git_lab.GitServer) -> None:
    server.commit("page", {"index.html": "from git"}, tag="v1")
    body = {"git": {"url": server.url("page"), "ref": "v1"}, "domain": "gitcall.localhost"}
    status, row = jarvis.api("POST", PATH, body)
    assert (status, row["artifact_id"]) == (202, None)
    told = jarvis.good("workflows", "watch", row["workflow_id"])
    assert "fetch" in told
    assert "prove" in told
    found = ended(jarvis, row)
    assert found["status"] == "running"
    assert jarvis.get("gitcall.localhost") == (200, b"from git")
    artifact = jarvis.api("GET", f"/api/v1/artifacts/{found['artifact_id']}")[1]
    assert artifact["metadata"]["git"]["ref"] == "v1"


def test_a_site_that_cannot_be_served_says_so_on_its_deployment(jarvis: Lab) -> None:
    status, row = jarvis.api("POST", f"{PATH}?name=nopage&filename=notes.txt", b"just words")
    assert status == 202
    found = ended(jarvis, row)
    assert found["status"] == "failed"
    assert found["configuration"]["error"]["code"] == "nothing_to_serve"
