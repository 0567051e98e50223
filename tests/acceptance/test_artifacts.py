"""What can be handed in, what Jarvis says of it, and what a person says better."""

import hashlib
import io
import json
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import git_lab
from git_lab import GitServer
from jarvis_lab import LAUNCHER, Lab, site, until

FLASK = {
    "app.py": "from flask import Flask\napp = Flask(__name__)\n",
    "requirements.txt": "flask==3.1.0\ngunicorn==23.0.0\npsycopg[binary]==3.2.1\n",
}


def folder(place: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    return place


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitServer]:
    with git_lab.serve(tmp_path_factory.mktemp("repositories")) as running:
        yield running


def analysed(jarvis: Lab, key: str) -> dict[str, Any]:
    """The analysis of an artifact, once it is there."""

    def look() -> dict[str, Any] | None:
        found = jarvis.api("GET", f"/api/v1/artifacts/{key}/analysis")[1]
        return found if found["verdict"] or found["error"] else None

    return until(look, f"the analysis of {key}")


def piped(jarvis: Lab, raw: bytes, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(LAUNCHER), *words], env=jarvis.env, input=raw, capture_output=True, timeout=60)


def test_it_works(jarvis: Lab, tmp_path: Path) -> None:
    row = jarvis.told("artifacts", "upload", str(folder(tmp_path / "shop", FLASK)))
    assert row["detected_service_type"] == "web"
    found = analysed(jarvis, row["id"])
    verdict = found["verdict"]
    assert (verdict["language"], verdict["framework"], verdict["databases"]) == (
        "python",
        "flask",
        ["postgres"],
    )
    assert any(item["fact"] == "framework" and item["file"] for item in verdict["evidence"])
    assert found["plan"]["uses"] == "generated-dockerfile"
    assert "USER" in found["plan"]["dockerfile"]["text"]


def test_what_comes_by_the_api_is_analysed_without_being_asked(jarvis: Lab) -> None:
    status, row = jarvis.api("POST", "/api/v1/artifacts?filename=page.html", b"<h1>hello</h1>")
    assert status == 201
    assert analysed(jarvis, row["id"])["verdict"]["kind"] == "static"


def test_an_archive_that_is_refused_says_so_on_its_artifact(jarvis: Lab) -> None:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../../outside"))
    _, row = jarvis.api("POST", "/api/v1/artifacts?filename=site.tar", raw.getvalue())
    error = analysed(jarvis, row["id"])["error"]
    assert error["code"] == "archive_refused"
    assert "outside" in error["entry"]
    assert error["rule"]
    assert not list((jarvis.home / "staging").iterdir())


STACK = {
    "compose.yaml": "services:\n  web:\n    image: nginx\n    ports: ['80']\n  cache:\n    image: redis\n"
}


def test_what_cannot_be_run_is_refused_with_what_it_is(jarvis: Lab, tmp_path: Path) -> None:
    said = jarvis.refused("deploy", str(folder(tmp_path / "app", STACK)), "--name", "refused-app")
    assert "compose stack" in said
    assert "compose.yaml" in said


def test_a_git_repository_is_deployed_at_a_ref(jarvis: Lab, server: GitServer) -> None:
    first = server.commit("site", {"index.html": "one"}, tag="v1")
    server.commit("site", {"index.html": "two", "big.txt": "x" * 100_000})
    for ref, text in (("#v1", b"one"), ("", b"two"), ("#main", b"two"), (f"#{first}", b"one")):
        jarvis.good("deploy", server.url("site") + ref, "--domain", "fromgit.localhost")
        assert jarvis.get("fromgit.localhost")[1] == text
    rows = jarvis.api("GET", "/api/v1/artifacts?q=site&file_type=directory")[1]["items"]
    commits = {row["metadata"]["git"]["commit"] for row in rows if "git" in row["metadata"]}
    assert first in commits
    assert len(commits) == 2


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("{url}/site#nowhere", "has no branch, tag or commit “nowhere”"),
        ("{url}/missing", "There is no repository at"),
        ("https://me:secret@git.example.org/a.git", "holds a password"),
        ("git://127.0.0.1:1/site", "could not be fetched"),
    ],
)
def test_a_repository_that_cannot_be_fetched_says_why(
    jarvis: Lab, server: GitServer, address: str, sentence: str
) -> None:
    server.commit("site", {f"{abs(hash(address))}.txt": address})
    said = jarvis.refused("deploy", address.format(url=f"git://127.0.0.1:{server.port}"))
    assert sentence in said
    assert "secret" not in said
    assert not list((jarvis.home / "staging").iterdir())


def test_standard_input_is_deployed(jarvis: Lab, tmp_path: Path) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("index.html", "from a pipe")
    assert piped(jarvis, raw.getvalue(), "deploy", "-", "--name", "piped").returncode == 0
    assert jarvis.get("piped.localhost")[1] == b"from a pipe"
    page = piped(jarvis, b"<p>one page", "deploy", "-", "--name", "piped", "--filename", "index.html")
    assert page.returncode == 0
    assert jarvis.get("piped.localhost")[1] == b"<p>one page"
    assert b"add --name or --domain" in piped(jarvis, b"x", "deploy", "-").stderr
    assert b"gave nothing" in piped(jarvis, b"", "deploy", "-", "--name", "piped").stderr


def test_what_gitignore_names_stays_at_home(jarvis: Lab, tmp_path: Path) -> None:
    place = folder(
        site(tmp_path / "ig", "hello"),
        {
            ".gitignore": "notes/\n*.key\n",
            "notes/a.txt": "n",
            "server.key": "k",
            ".jarvisignore": "!notes/\n",
        },
    )
    said = jarvis.good("deploy", str(place), "--domain", "ig.localhost")
    assert "Left out" in said
    assert jarvis.get("ig.localhost", "/notes/a.txt")[0] == 200
    assert jarvis.get("ig.localhost", "/server.key")[0] == 404


def test_what_a_person_says_is_kept_for_the_next_upload(jarvis: Lab, tmp_path: Path) -> None:
    place = folder(tmp_path / "corrected", {**STACK, "pages/index.html": "the page"})
    jarvis.good("deploy", str(place), "--name", "corrected", "--kind", "static", "--static-dir", "pages")
    assert jarvis.get("corrected.localhost")[1] == b"the page"
    (place / "pages" / "index.html").write_text("the next")
    jarvis.good("deploy", str(place), "--name", "corrected")
    assert jarvis.get("corrected.localhost")[1] == b"the next"
    assert "pages" in jarvis.good("correct", "corrected")
    jarvis.good("correct", "corrected", "--clear")
    assert "compose" in jarvis.refused("deploy", str(place), "--name", "corrected")
    assert jarvis.get("corrected.localhost")[1] == b"the next"


def test_an_artifact_comes_back_as_it_was(jarvis: Lab, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(b"<h1>back</h1>" * 1000)
    row = jarvis.told("artifacts", "upload", str(tmp_path / "page.html"))
    target = tmp_path / "back.html"
    jarvis.good("artifacts", "download", row["id"], "-o", str(target))
    assert hashlib.sha256(target.read_bytes()).hexdigest() == row["checksum_sha256"]
    assert "is there already" in jarvis.refused("artifacts", "download", row["id"], "-o", str(target))


def test_an_artifact_that_is_needed_is_not_deleted(jarvis: Lab, tmp_path: Path) -> None:
    made = jarvis.told("deploy", str(site(tmp_path / "kept", "kept")), "--domain", "kept.localhost")
    assert "running" in jarvis.refused("artifacts", "delete", made["artifact_id"])
    jarvis.good("remove", made["name"], "--yes")
    jarvis.good("artifacts", "delete", made["artifact_id"])
    assert jarvis.api("GET", f"/api/v1/artifacts/{made['artifact_id']}")[0] == 404


def test_analyze_needs_no_server(jarvis: Lab, tmp_path: Path) -> None:
    bad = tmp_path / "bad.tar"
    with tarfile.open(bad, "w") as archive:
        archive.addfile(tarfile.TarInfo("/etc/passwd"))
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as packed:
        for name, text in FLASK.items():
            packed.writestr(f"top/{name}", text)
    paths = [
        str(folder(tmp_path / "app", FLASK)),
        str(tmp_path / "app.zip"),
        str(bad),
        str(tmp_path / "none"),
    ]
    words = [str(LAUNCHER), "analyze", *paths, "--json"]
    env = {**jarvis.env, "JARVIS_HOME": str(tmp_path / "no-home")}
    done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [item["path"] for item in told] == paths
    for item in told[:2]:
        assert (item["language"], item["framework"], item["databases"]) == ("python", "flask", ["postgres"])
        assert item["start_command"].startswith("gunicorn")
    assert (told[2]["code"], told[2]["entry"]) == ("archive_refused", "/etc/passwd")
    assert told[2]["rule"]
    assert told[3]["code"] == "not_found"
    assert not (tmp_path / "no-home").exists()
