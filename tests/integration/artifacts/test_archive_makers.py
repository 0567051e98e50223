"""Archives from the programs that people really use come out byte for byte."""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from jarvis.artifacts.archive.extract import extract

GIT = "git init -q .; git add site; git -c user.name=a -c user.email=a@b commit -qm a; "
COMMANDS = {
    "zip": "zip -qr {to} site",
    "zip with links": "zip -qry {to} site",
    "zip stored": "zip -qr0 {to} site",
    "zip streamed": "zip -qr - site | cat > {to}",
    "zip, always large": "zip -qr -fz {to} site",
    "zip with a comment": "echo hello | zip -qr -z {to} site",
    "zip changed": "zip -qr {to} site; zip -qd {to} site/run.sh; zip -q {to} site/run.sh",
    "jar": "jar cf {to} site",
    "tar": "tar cf {to} site",
    "tar of a folder": "tar cf {to} -C . ./site",
    "tar oldgnu": "tar cf {to} --format=oldgnu site",
    "tar posix": "tar cf {to} --format=posix site",
    "tar ustar": "tar cf {to} --format=ustar site",
    "tar labelled": "tar cf {to} -V label site",
    "tar in small blocks": "tar cf {to} -b1 site",
    "tar in large blocks": "tar cf {to} -b2000 site",
    "tar grown": "tar cf {to} site/a; tar rf {to} --exclude=site/a site",
    "gzip": "tar czf {to} site",
    "bzip2": "tar cjf {to} site",
    "xz": "tar cJf {to} site",
    "xz -9 in blocks": "tar cf - site | xz -9e -T2 --block-size=50000 > {to}",
    "zstd": "tar cf - site | zstd -q > {to}",
    "zstd --long": "tar cf - site | zstd -q -19 --long=27 > {to}",
    "git tar": GIT + "git archive -o {to}.tar HEAD",
    "git zip": GIT + "git archive -o {to}.zip HEAD",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "work/site"
    files = {
        "index.html": b"<h1>hi</h1>",
        "run.sh": b"#!/bin/sh\n",
        "a/b/noise.bin": os.urandom(150_000),
        "ein Ordner/caf\u00e9 \u2013 \u65e5\u672c.txt": b"text",
        "n" * 90 + "/" + "m" * 90: b"long",
        "empty.txt": b"",
    }
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (root / "run.sh").chmod(0o755)
    (root / "nnn").symlink_to("index.html")
    return root


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_program_packs_comes_out_byte_for_byte(tmp_path: Path, site: Path, name: str) -> None:
    command = COMMANDS[name]
    tools = [
        word
        for word in ("zip", "jar", "tar", "xz", "zstd", "git")
        if command.split()[0] == word or f"| {word}" in command
    ]
    for tool in tools:
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed here")
    packed = tmp_path / "packed"
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(tmp_path)}
    subprocess.run(["sh", "-c", command.format(to=packed)], cwd=site.parent, env=env, check=True)
    source = next(tmp_path.glob("packed*"))

    done = extract(source, tmp_path / "out")

    assert contents(tmp_path / "out/site") == contents(site)
    assert {file.path: file.executable for file in done.files}["site/run.sh"] is (
        name != "jar"
    )  # jar keeps no modes
    assert done.warnings == ()


@pytest.mark.parametrize("form", ["zip", "tar", "gztar", "bztar", "xztar"])
def test_what_python_packs_comes_out_byte_for_byte(tmp_path: Path, site: Path, form: str) -> None:
    source = Path(shutil.make_archive(str(tmp_path / "packed"), form, site.parent, "site"))

    extract(source, tmp_path / "out")

    assert contents(tmp_path / "out/site") == contents(site)


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_each_tar_of_python_comes_out_byte_for_byte(tmp_path: Path, site: Path, form: int) -> None:
    with tarfile.open(tmp_path / "packed", "w", format=form) as tar:
        tar.add(site, "site")

    extract(tmp_path / "packed", tmp_path / "out")

    assert contents(tmp_path / "out/site") == contents(site)
