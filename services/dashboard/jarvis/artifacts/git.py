"""Fetch one commit of a git repository as a tar. Nothing of it is run: no checkout, no hooks, no filters."""

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from jarvis.errors import InvalidInput, JarvisError, NotFound, TooLarge, Unavailable
from jarvis.shell import Finished, run, start

DEADLINE = 900.0
"""Seconds for one fetch."""
_ADDRESS = re.compile(r"(?:https?|ssh|git)://[^\s\x00-\x1f]+|[A-Za-z0-9_.-]+@[A-Za-z0-9.-]+:[^\s\x00-\x1f]+")
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+@-]{0,254}")
_REFUSED = (
    "could not read",
    "terminal prompts disabled",
    "authentication failed",
    "permission denied",
    "403",
)
_SAFE = {
    "core.hooksPath": "/dev/null",
    "transfer.fsckObjects": "true",
    "protocol.allow": "never",
    "protocol.http.allow": "always",
    "protocol.https.allow": "always",
    "protocol.ssh.allow": "always",
    "protocol.git.allow": "always",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "60",
}


def check(url: str, ref: str) -> None:
    """Refuse what is no address of a repository, or no name of a commit.

    Raises:
        InvalidInput: The sentence says which.
    """
    if not _ADDRESS.fullmatch(url) or len(url) > 2000:
        raise InvalidInput(
            f"“{url[:200]}” is not the address of a git repository that can be fetched.",
            "Give an address that begins with https://, http://, ssh:// or git://, or git@host:path.",
            {"field": "url"},
        )
    if "@" in url.partition("://")[2].partition("/")[0] and ":" in url.partition("://")[2].partition("@")[0]:
        raise InvalidInput(
            "The address holds a password, which would be kept and shown.",
            "Leave it out: use a public address, or an ssh address and a key of the worker's user.",
            {"field": "url"},
        )
    if ref and (not _REF.fullmatch(ref) or ".." in ref):
        raise InvalidInput(
            f"“{ref[:100]}” is not the name of a branch, a tag or a commit.", "Correct it.", {"field": "ref"}
        )


def repository_name(url: str) -> str:
    """`site` for https://git.example.org/me/site.git."""
    return url.rstrip("/").replace(":", "/").rpartition("/")[2].removesuffix(".git") or "repository"


def fetch(url: str, ref: str, folder: Path, limit: int, progress: Callable[[int], None]) -> tuple[Path, str]:
    """Fetch the newest commit of `ref`; the tar file and the commit's full id.

    Args:
        url: As `check` allows.
        ref: Branch, tag or commit; empty for the repository's own choice.
        folder: Made anew here; the caller takes it away.
        limit: The most bytes that may be fetched.
        progress: Told now and then how many bytes have come.

    Raises:
        NotFound: There is no such repository or ref.
        TooLarge: It is larger than `limit`.
        Unavailable: It cannot be reached.
    """
    check(url, ref)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, mode=0o700)
    store = folder / "repository"
    _git(["init", "--quiet", "--bare", str(store)], folder)
    _fetch(url, ref or "HEAD", store, folder, limit, progress)
    commit = _git(["rev-parse", "FETCH_HEAD^{commit}"], store).out.strip()
    tar = folder / "tree.tar"
    _git(["archive", "--format=tar", f"--output={tar}", commit], store)
    return tar, commit


def _environment(home: Path) -> dict[str, str]:
    return {
        "HOME": str(Path.home()),  # where the keys for ssh are
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=15",
        "GIT_DIR": str(home),
    }


def _words(arguments: list[str]) -> list[str]:
    settings = [word for key, value in _SAFE.items() for word in ("-c", f"{key}={value}")]
    return ["git", *settings, *arguments]


def _git(arguments: list[str], place: Path) -> Finished:
    env = _environment(place)
    if arguments[0] == "init":
        del env["GIT_DIR"]
    return run(_words(arguments), timeout=DEADLINE, env=env, cwd=place)


def _fetch(
    url: str, ref: str, store: Path, folder: Path, limit: int, progress: Callable[[int], None]
) -> None:
    log = folder / "fetch.log"
    words = _words(["fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", url, ref])
    child = start(words, env=_environment(store), cwd=store, log=log)
    deadline = time.monotonic() + DEADLINE
    try:
        while (code := child.wait(0.5)) is None:
            progress(_small(store, limit))
            if time.monotonic() > deadline:
                raise Unavailable(f"{url} did not send everything within {DEADLINE:g} seconds.", "Try again.")
    finally:
        child.kill_group()
    if code:
        raise _reason(url, ref, log.read_text(encoding="utf-8", errors="replace").strip())
    progress(_small(store, limit))


def _small(store: Path, limit: int) -> int:
    """The bytes of a repository, if it may have so many."""
    size = _size(store)
    if size > limit:
        raise TooLarge(
            f"The repository has more than {limit:,} bytes.",
            "Fetch a smaller one, or raise JARVIS_UPLOAD_LIMIT (bytes).",
            {"limit": limit},
        )
    return size


def _size(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size
        except OSError:
            continue  # git moved it just now
    return total


def _reason(url: str, ref: str, said: str) -> JarvisError:
    """What git's last words mean to a person."""
    last = said.splitlines()[-1] if said else "git said nothing"
    low = said.lower()
    if "couldn't find remote ref" in low or "not our ref" in low or "no such remote ref" in low:
        return NotFound(f"{url} has no branch, tag or commit “{ref}”.", "Check its name.", {"ref": ref})
    if (
        "not found" in low
        or "does not exist" in low
        or "not a git repository" in low
        or "access denied" in low
    ):
        return NotFound(
            f"There is no repository at {url}, or it is not public.", "Check the address.", {"url": url}
        )
    if any(words in low for words in _REFUSED):
        return NotFound(
            f"{url} asks for a password or a key.",
            "Use a public address, or an ssh address and a key of the worker's user.",
            {"url": url},
        )
    return Unavailable(
        f"{url} could not be fetched: {last[:300]}", "Check the address and the network, then try again."
    )
