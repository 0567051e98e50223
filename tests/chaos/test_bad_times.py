"""A full disk and a proxy that hangs, on the real thing: a sentence, nothing half-made, the old site up."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jarvis_lab import Lab, lab, site

HASTY = Path(__file__).parent / "hasty"


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 400 MB."""
    folder = Path(tempfile.mkdtemp(prefix="jdisk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)
    shutil.rmtree(folder, ignore_errors=True)


def files(jarvis: Lab) -> list[str]:
    """What uploads and unpacking leave lying around."""
    folders = [jarvis.home / "artifacts" / "incoming", jarvis.home / "staging"]
    return [
        str(file) for folder in folders if folder.is_dir() for file in folder.rglob("*") if file.is_file()
    ]


@pytest.mark.root_only
def test_a_disk_that_fills_up_during_an_upload(small_disk: Path, tmp_path: Path) -> None:
    jarvis = Lab(small_disk / "home")
    try:
        jarvis.good("up", "--detach")
        jarvis.good("deploy", str(site(tmp_path / "old", "the old one")), "--domain", "disk.localhost")
        big = site(tmp_path / "big", "the big one")
        with (big / "film.mp4").open("wb") as film:
            film.truncate(390 * 1024**2)
        said = jarvis.refused("deploy", str(big), "--domain", "disk.localhost")
        assert "The disk that holds" in said
        assert "Free some space" in said
        assert files(jarvis) == []
        assert b"the old one" in jarvis.get("disk.localhost")[1]
        rows = jarvis.rows("SELECT count(*) FROM artifacts")
        assert rows == [(1,)]
    finally:
        jarvis.run("down")


def test_a_proxy_that_hangs_fails_the_deploy_and_the_old_site_stays(tmp_path: Path) -> None:
    with lab({"PYTHONPATH": str(HASTY)}) as jarvis:
        jarvis.good("deploy", str(site(tmp_path / "old", "the old one")), "--domain", "hang.localhost")
        (proxy,) = jarvis.pids("proxy")
        os.kill(proxy, signal.SIGSTOP)
        try:
            said = jarvis.refused(
                "deploy", str(site(tmp_path / "new", "the new one")), "--domain", "hang.localhost"
            )
        finally:
            os.kill(proxy, signal.SIGCONT)
        assert "hang.localhost does not answer" in said
        assert b"the old one" in jarvis.get("hang.localhost")[1]
        assert files(jarvis) == []
        releases = [entry for entry in (jarvis.home / "releases" / "hang").iterdir() if entry.is_dir()]
        assert len(releases) == 1
        states = jarvis.rows("SELECT status::text FROM deployments ORDER BY created_at")
        assert states == [("running",), ("failed",)]
