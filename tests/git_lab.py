"""A real git server on this machine, for one folder of repositories."""

import os
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from caddy_lab import free_port, poll

_NAME = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org"}
_ENVIRONMENT = {
    **_NAME,
    **{name.replace("AUTHOR", "COMMITTER"): value for name, value in _NAME.items()},
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "PATH": os.environ["PATH"],
}


def git(folder: Path, *words: str) -> str:
    """Run git in `folder`; what it said."""
    done = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *words],
        cwd=folder,
        env=_ENVIRONMENT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@dataclass(frozen=True)
class GitServer:
    """Serves every repository below a folder, without asking who it is."""

    folder: Path
    port: int

    def url(self, name: str) -> str:
        """The address of a repository."""
        return f"git://127.0.0.1:{self.port}/{name}"

    def commit(self, name: str, files: Mapping[str, str], *, tag: str = "") -> str:
        """Make the repository `name` where there is none, and add one commit; its id."""
        place = self.folder / name
        if not place.is_dir():
            place.mkdir(parents=True)
            git(place, "init", "--quiet")
            git(place, "config", "uploadpack.allowAnySHA1InWant", "true")
        for path, text in files.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_text(text)
        git(place, "add", "--all")
        git(place, "commit", "--quiet", "--message", "change")
        if tag:
            git(place, "tag", tag)
        return git(place, "rev-parse", "HEAD")


@contextmanager
def serve(folder: Path) -> Generator[GitServer]:
    """A git server that answers; stopped afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    server = GitServer(folder, free_port())
    words = ["git", "daemon", f"--base-path={folder}", "--export-all", "--reuseaddr"]
    words += [f"--port={server.port}", "--listen=127.0.0.1"]
    process = subprocess.Popen(words, env=_ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server.commit("ready", {"a": "b"})

    def answers() -> bool:
        return subprocess.run(["git", "ls-remote", server.url("ready")], capture_output=True).returncode == 0

    try:
        assert poll(answers), "git daemon does not answer"
        yield server
    finally:
        process.terminate()
        process.wait(20)
