"""The main job: a folder, an archive or a file becomes a site that answers."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from jarvis_lab import Lab, Visitor, site, until


def test_it_works(jarvis: Lab, tmp_path: Path) -> None:
    said = jarvis.good("deploy", str(site(tmp_path / "mysite", "hello")), "--domain", "mysite.localhost")
    url = f"http://mysite.localhost:{jarvis.http_port}/"
    assert url in said
    status, body = jarvis.get("mysite.localhost")
    assert status == 200
    assert b"hello" in body


def test_json_ends_with_one_object(jarvis: Lab, tmp_path: Path) -> None:
    out = jarvis.good("deploy", str(site(tmp_path / "j", "json")), "--domain", "json.localhost", "--json")
    told = json.loads(out.strip().splitlines()[-1])
    assert {"name", "url", "deployment_id", "workflow_id", "status"} <= told.keys()
    assert told["status"] == "completed"
    assert told["name"] == "json"


def _tar(folder: Path, squeeze: Callable[[bytes], bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.add(folder, ".")
    return squeeze(buffer.getvalue())


SQUEEZE: dict[str, Callable[[bytes], bytes]] = {
    "tar": lambda raw: raw,
    "tar.gz": gzip.compress,
    "tar.bz2": bz2.compress,
    "tar.xz": lzma.compress,
    "tar.zst": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("ending", SQUEEZE)
def test_it_takes_every_kind_of_tar(jarvis: Lab, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"packed.{ending}"
    file.write_bytes(_tar(site(tmp_path / "in", f"from {ending}"), SQUEEZE[ending]))
    host = f"{ending.replace('.', '')}.localhost"
    jarvis.good("deploy", str(file), "--domain", host)
    assert f"from {ending}".encode() in jarvis.get(host)[1]


def test_it_takes_a_zip_with_one_top_folder(jarvis: Lab, tmp_path: Path) -> None:
    file = tmp_path / "site.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("my site/index.html", "<p>from zip</p>")
        archive.writestr("my site/über/ä.txt", "names")
    jarvis.good("deploy", str(file), "--domain", "zip.localhost")
    assert jarvis.get("zip.localhost") == (200, b"<p>from zip</p>")
    assert jarvis.get("zip.localhost", "/%C3%BCber/%C3%A4.txt") == (200, b"names")


def test_it_takes_a_single_page(jarvis: Lab, tmp_path: Path) -> None:
    page = tmp_path / "hello.html"
    page.write_text("<h1>single</h1>")
    jarvis.good("deploy", str(page), "--domain", "single.localhost")
    assert jarvis.get("single.localhost") == (200, b"<h1>single</h1>")


def test_without_a_domain_the_name_of_the_folder_is_used(jarvis: Lab, tmp_path: Path) -> None:
    told = jarvis.told("deploy", str(site(tmp_path / "My Shop", "shop")))
    assert told["name"] == "my-shop"
    assert b"shop" in jarvis.get("my-shop.localhost")[1]


def test_deploying_again_switches_without_a_failed_request(jarvis: Lab, tmp_path: Path) -> None:
    first, second = site(tmp_path / "a", "version one"), site(tmp_path / "b", "version two")
    jarvis.good("deploy", str(first), "--domain", "again.localhost")
    with Visitor(jarvis, "again.localhost", ["version one", "version two"]) as visitor:
        for folder in (second, first, second):
            jarvis.good("deploy", str(folder), "--domain", "again.localhost")
    assert visitor.wrong == []
    assert b"version two" in jarvis.get("again.localhost")[1]
    ran = jarvis.rows("SELECT status::text FROM deployments WHERE service_name = 'again' ORDER BY created_at")
    assert ran == [("stopped",), ("stopped",), ("stopped",), ("running",)]


def test_rollback_goes_back_and_forth(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(site(tmp_path / "a", "rollback one")), "--domain", "roll.localhost")
    jarvis.good("deploy", str(site(tmp_path / "b", "rollback two")), "--domain", "roll.localhost")
    jarvis.good("rollback", "roll")
    assert b"rollback one" in jarvis.get("roll.localhost")[1]
    jarvis.good("rollback", "roll")
    assert b"rollback two" in jarvis.get("roll.localhost")[1]


def test_rollback_to_a_named_deployment(jarvis: Lab, tmp_path: Path) -> None:
    ids = [
        jarvis.told("deploy", str(site(tmp_path / word, f"named {word}")), "--domain", "named.localhost")[
            "deployment_id"
        ]
        for word in ("one", "two", "three")
    ]
    jarvis.good("rollback", "named", "--to", ids[0])
    assert b"named one" in jarvis.get("named.localhost")[1]
    said = jarvis.refused("rollback", "named", "--to", "0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11")
    assert "never ran" in said


def test_there_is_nothing_to_go_back_to_after_one_deploy(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(site(tmp_path / "a", "only one")), "--domain", "only.localhost")
    assert "no earlier version" in jarvis.refused("rollback", "only")
    assert b"only one" in jarvis.get("only.localhost")[1]


def test_an_unchanged_file_keeps_its_etag_and_a_changed_one_does_not(jarvis: Lab, tmp_path: Path) -> None:
    def etag(path: str) -> str | None:
        import http.client

        connection = http.client.HTTPConnection("127.0.0.1", jarvis.http_port, timeout=30)
        connection.request("GET", path, headers={"Host": "etag.localhost"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.getheader("ETag")

    folder = site(tmp_path / "a", "etag one")
    (folder / "same.css").write_text("body{}")
    jarvis.good("deploy", str(folder), "--domain", "etag.localhost")
    page, style = etag("/"), etag("/same.css")
    assert page
    assert style
    (folder / "index.html").write_text((folder / "index.html").read_text().replace("one", "two"))
    jarvis.good("deploy", str(folder), "--domain", "etag.localhost")
    assert etag("/same.css") == style
    assert etag("/") != page
    jarvis.good("rollback", "etag")
    assert etag("/same.css") == style
    assert b"etag one" in jarvis.get("etag.localhost", "/", **{"If-None-Match": page})[1]


def test_status_logs_and_remove(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(site(tmp_path / "a", "to remove")), "--domain", "gone.localhost")
    assert "gone.localhost" in jarvis.good("status")
    shown = jarvis.told("status", "gone")
    assert shown["status"] == "running"
    assert shown["health_status"] == "healthy"
    assert "answered with the new page" in jarvis.good("logs", "gone")
    assert "--yes" in jarvis.refused("remove", "gone")
    jarvis.good("remove", "gone", "--yes")
    assert jarvis.get("gone.localhost")[0] == 404
    assert "no service" in jarvis.refused("status", "gone")
    assert not (jarvis.home / "releases" / "gone").exists()
    records = jarvis.rows("SELECT DISTINCT status::text FROM domain_records WHERE domain = 'gone.localhost'")
    assert records == [("removed",)]
    jarvis.good("deploy", str(site(tmp_path / "b", "back again")), "--domain", "gone.localhost")
    assert b"back again" in jarvis.get("gone.localhost")[1]


def test_hidden_files_never_reach_the_web(jarvis: Lab, tmp_path: Path) -> None:
    folder = site(tmp_path / "a", "with secrets")
    (folder / ".env").write_text("SECRET=1")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x")
    (folder / ".well-known").mkdir()
    (folder / ".well-known" / "security.txt").write_text("Contact: me")
    jarvis.good("deploy", str(folder), "--domain", "hidden.localhost")
    assert jarvis.get("hidden.localhost", "/.env")[0] == 404
    assert jarvis.get("hidden.localhost", "/.git/config")[0] == 404
    assert jarvis.get("hidden.localhost", "/.well-known/security.txt") == (200, b"Contact: me")
    (release,) = [entry for entry in (jarvis.home / "releases" / "hidden").iterdir() if entry.is_dir()]
    assert not (release / ".env").exists()


def test_old_releases_are_deleted_beyond_those_that_are_kept(jarvis: Lab, tmp_path: Path) -> None:
    for number in range(8):
        jarvis.good(
            "deploy", str(site(tmp_path / str(number), f"keep {number}")), "--domain", "keep.localhost"
        )

    def kept() -> int:
        return sum(entry.is_dir() for entry in (jarvis.home / "releases" / "keep").iterdir())

    until(lambda: kept() <= 6, "the last deploy cleans up behind itself")
    assert kept() == 6
    jarvis.good("rollback", "keep")
    assert b"keep 6" in jarvis.get("keep.localhost")[1]


def test_everything_is_in_the_database(jarvis: Lab, tmp_path: Path) -> None:
    told = jarvis.told("deploy", str(site(tmp_path / "a", "facts")), "--domain", "facts.localhost")
    ((kind, status, step, steps, started, completed),) = jarvis.rows(
        "SELECT workflow_type, status::text, current_step, total_steps, started_at, completed_at"
        " FROM workflows WHERE id = %s",
        told["workflow_id"],
    )
    assert (kind, status, step, steps) == ("deployment", "completed", 5, 5)
    assert started < completed
    ((service_type, state, health, artifact),) = jarvis.rows(
        "SELECT service_type, status::text, health_status::text, artifact_id FROM deployments WHERE id = %s",
        told["deployment_id"],
    )
    assert (service_type, state, health) == ("static", "running", "healthy")
    ((file_type, detected, size, path, checksum),) = jarvis.rows(
        "SELECT file_type::text, detected_service_type, file_size, storage_path, checksum_sha256"
        " FROM artifacts WHERE id = %s",
        artifact,
    )
    assert (file_type, detected) == ("directory", "static")
    stored = jarvis.home / "artifacts" / path
    assert stored.stat().st_size == size
    assert checksum in path
    ((record, verified),) = jarvis.rows(
        "SELECT status::text, verified_at IS NOT NULL FROM domain_records WHERE domain = 'facts.localhost'"
    )
    assert (record, verified) == ("active", True)
