"""What cannot work says why and what to do next, exits with an error, and leaves the old site up."""

import json
from pathlib import Path

import pytest

from jarvis_lab import Lab, lab, site


@pytest.fixture(scope="module")
def old(jarvis: Lab, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A Jarvis that serves `old.localhost`."""
    folder = site(tmp_path_factory.mktemp("old"), "still here")
    jarvis.good("deploy", str(folder), "--domain", "old.localhost")
    return jarvis


def unharmed(jarvis: Lab) -> None:
    assert b"still here" in jarvis.get("old.localhost")[1]
    staging = jarvis.home / "staging"
    assert not staging.is_dir() or list(staging.iterdir()) == []
    assert list((jarvis.home / "artifacts" / "incoming").iterdir()) == []


def test_a_missing_path(old: Lab) -> None:
    assert "no file or folder" in old.refused("deploy", "/no/such/path", "--domain", "old.localhost")
    unharmed(old)


def test_an_empty_folder(old: Lab, tmp_path: Path) -> None:
    assert "no files" in old.refused("deploy", str(tmp_path), "--domain", "old.localhost")
    unharmed(old)


def test_a_folder_without_a_page_says_what_it_found(old: Lab, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "more.txt").write_text("x")
    said = old.refused("deploy", str(tmp_path), "--domain", "old.localhost")
    assert "There is no index.html" in said
    assert "2 .txt" in said
    unharmed(old)


def test_a_project_says_what_it_is_and_what_can_be_served(old: Lab, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")
    said = old.refused("deploy", str(tmp_path), "--domain", "old.localhost")
    assert "node" in said
    assert "package.json" in said
    assert "Jarvis serves finished pages" in said
    unharmed(old)


@pytest.mark.parametrize(
    ("domain", "why"),
    [
        ("http://old.localhost/", "it is an address"),
        ("under_score.localhost", "a sign that names cannot have"),
        ("-a.localhost", "a sign that names cannot have"),
        ("a..localhost", "empty"),
        ("127.0.0.1", "it is an IP address"),
        ("[::1]", "it is an IP address"),
        ("*.example.com", "wildcard"),
        ("mysite", "Did you mean mysite.localhost"),
        ("a.localhost:80", "carries a port"),
        ("x" * 64 + ".com", "too long"),
        (".".join(["abcdefgh"] * 30) + ".com", "longer than 253"),
        ("a.123", "a number"),
        ("a b.com", "a sign that names cannot have"),
        ("../../etc.localhost", "it is an address"),
    ],
)
def test_a_domain_that_is_not_one(old: Lab, tmp_path: Path, domain: str, why: str) -> None:
    said = old.refused("deploy", str(site(tmp_path / "s", "x")), f"--domain={domain}")
    assert why in said
    unharmed(old)


def test_a_domain_of_another_service(old: Lab, tmp_path: Path) -> None:
    said = old.refused(
        "deploy", str(site(tmp_path / "s", "x")), "--name", "thief", "--domain", "old.localhost"
    )
    assert "belongs to the service “old”" in said
    assert old.rows("SELECT 1 FROM services WHERE name = 'thief'") == []
    unharmed(old)


def test_a_name_of_another_service(old: Lab, tmp_path: Path) -> None:
    said = old.refused("deploy", str(site(tmp_path / "s", "x")), "--name", "old", "--domain", "new.localhost")
    assert "“old” is taken" in said
    assert old.rows("SELECT 1 FROM service_hosts WHERE host = 'new.localhost'") == []
    unharmed(old)


@pytest.mark.parametrize("name", ["UPPER", "a b", "-x", "x" * 64, "a/b", ".."])
def test_a_name_that_is_not_one(old: Lab, tmp_path: Path, name: str) -> None:
    said = old.refused("deploy", str(site(tmp_path / "s", "x")), f"--name={name}")
    assert "cannot be the name of a service" in said
    unharmed(old)


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 cut off", b"\x1f\x8b\x08 not really", b"hello", b"\x28\xb5\x2f\xfd!"]
)
def test_a_corrupt_archive(old: Lab, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.zip"
    file.write_bytes(content)
    done = old.run("deploy", str(file), "--domain", "old.localhost", "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert told.get("status") in ("failed", 422)
    unharmed(old)


def test_an_archive_that_climbs_out(old: Lab, tmp_path: Path) -> None:
    import tarfile

    file = tmp_path / "evil.tar"
    with tarfile.open(file, "w") as archive:
        info = tarfile.TarInfo("../../../../tmp/jarvis-escaped")
        archive.addfile(info)
    said = old.refused("deploy", str(file), "--domain", "old.localhost")
    assert "jarvis-escaped" in said
    assert not Path("/tmp/jarvis-escaped").exists()
    unharmed(old)


def test_a_wrong_token(old: Lab, tmp_path: Path) -> None:
    import subprocess

    from jarvis_lab import LAUNCHER

    done = subprocess.run(
        [LAUNCHER, "deploy", str(site(tmp_path / "s", "x")), "--domain", "old.localhost"],
        env={**old.env, "JARVIS_TOKEN": "jarvis_wrong"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "does not know this access token" in done.stderr
    unharmed(old)


def test_a_first_deploy_that_fails_leaves_its_names_free(old: Lab, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    old.refused("deploy", str(tmp_path), "--domain", "fresh.localhost")
    assert old.rows("SELECT 1 FROM services WHERE name = 'fresh'") == []
    assert old.get("fresh.localhost")[0] == 404
    assert not any((old.home / "releases" / "fresh").glob("*"))
    old.good("deploy", str(site(tmp_path / "s", "now")), "--name", "other", "--domain", "fresh.localhost")


def test_a_port_that_is_taken_names_its_holder() -> None:
    import socket

    with lab(up=False) as jarvis, socket.socket() as holder:
        holder.bind(("0.0.0.0", jarvis.http_port))
        holder.listen()
        said = jarvis.refused("up", "--detach")
        assert f"Port {jarvis.http_port}" in said
        assert "pid" in said
        assert "--http-port" in said
        assert jarvis.pids("up") == []
        assert jarvis.pids("database") == []


def test_a_home_that_is_used_for_something_else(tmp_path: Path) -> None:
    with lab(up=False) as jarvis:
        jarvis.home.mkdir()
        (jarvis.home / "thesis.txt").write_text("years of work")
        said = jarvis.refused("up", "--detach")
        assert "holds other things" in said
        assert [entry.name for entry in jarvis.home.iterdir()] == ["thesis.txt"]
