"""A tar of this machine's own files, by Debian package or by folder, in the shape of a container's root."""

import io
import os
import re
import subprocess
import tarfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import IO

BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
NAMES_SUPPLIED = ("apt", "ca-certificates", "netbase", "tzdata", "procps", "openssl")
"""Beside what Debian calls essential; with all that they depend on."""
_INFO = Path("/var/lib/dpkg/info")
_LEFT_OUT = re.compile(r"^/usr/share/(doc|man|locale|info|lintian|bug)/|^/usr/lib/[^/]+/gconv/|/__pycache__/")
_MERGED = re.compile(r"^(bin|sbin|lib|lib32|lib64|libx32)/(.*)")
_FOLDERS = {
    **dict.fromkeys(("tmp", "var/tmp"), 0o1777),
    "root": 0o700,
    **dict.fromkeys(("proc", "sys", "dev", "run", "var/log/apt"), 0o755),
    **dict.fromkeys(("var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/apt/lists/partial"), 0o755),
    "var/cache/apt/archives/partial": 0o755,
}


@cache
def _installed() -> dict[str, str]:
    """Name → what dpkg says of it, of every package that is on this machine."""
    found: dict[str, str] = {}
    for text in Path("/var/lib/dpkg/status").read_text(encoding="utf-8", errors="replace").split("\n\n"):
        if "\nStatus: install ok installed" in text:
            found[text.partition("\n")[0].removeprefix("Package: ")] = text
    return found


def has(name: str) -> bool:
    """Is the package on this machine?"""
    return name in _installed()


def _closure(names: Iterable[str]) -> list[str]:
    """With all that they depend on, so that apt-get works inside."""
    known = _installed()
    stands_for = {name: name for name in known}
    for name, text in known.items():
        for given in ",".join(re.findall(r"^Provides: (.*)$", text, re.MULTILINE)).split(","):
            stands_for.setdefault(given.strip().partition(" ")[0], name)
    todo, found = list(names), set[str]()
    while todo:
        name = todo.pop()
        if name not in known or name in found:
            continue
        found.add(name)
        for group in ",".join(re.findall(r"^(?:Pre-)?Depends: (.*)$", known[name], re.MULTILINE)).split(","):
            ways = [re.split(r"[ :(]", way.strip())[0] for way in group.split("|")]
            todo += [stands_for[way] for way in ways if way in stands_for][:1]
    return sorted(found)


def libraries(*programs: str | Path) -> list[str]:
    """The shared libraries that they load."""
    said = subprocess.run(["ldd", *map(str, programs)], capture_output=True, text=True, check=False).stdout
    return sorted({path for path in re.findall(r"(/\S+\.so\S*)", said) if not path.endswith(":")})


class Tree:
    """A tar that is being written; everything in it belongs to root, and nothing is in it twice."""

    def __init__(self, file: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w|", format=tarfile.GNU_FORMAT, bufsize=1 << 18)  # noqa: SIM115  # closed by close()
        self._seen: set[str] = set()

    def close(self) -> None:
        self._tar.close()

    def _new(self, inside: str) -> str:
        name = os.path.normpath(inside).strip("/")
        merged = _MERGED.match(name)  # /lib/... is the same as /usr/lib/...
        name = f"usr/{name}" if merged else name
        if name in self._seen or name == ".":
            return ""
        self._seen.add(name)
        return name

    def leave_out(self, inside: str) -> None:
        """Nothing is put there."""
        self._new(inside)

    def add(self, source: str | Path, inside: str | Path = "") -> None:
        """One file, link or folder without what is in it; what may not be read is left out."""
        path = Path(source)
        if not os.path.lexists(path) or not (path.is_symlink() or os.access(path, os.R_OK)):
            return
        if name := self._new(str(inside) or str(path)):
            entry = self._tar.gettarinfo(path, name)
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            if entry.islnk():
                entry.type, entry.linkname, entry.size = tarfile.REGTYPE, "", path.stat().st_size
            if entry.isreg():
                with path.open("rb") as file:
                    self._tar.addfile(entry, file)
            elif entry.isdir() or entry.issym():
                self._tar.addfile(entry)

    def folder(self, source: Path, inside: Path, skip: Callable[[str], bool] = lambda _: False) -> None:
        """All of a folder but what `skip` says of a path in it."""
        for top, folders, files in os.walk(source):
            root = Path(top)
            here = root.relative_to(source)
            folders[:] = [name for name in folders if not skip(str(here / name))]
            links = [name for name in folders if (root / name).is_symlink()]
            for name in ("", *files, *links):
                self.add(root / name, inside / here / name)

    def loads(self, *programs: str | Path) -> None:
        """The libraries of `programs`, at their usual places."""
        for path in libraries(*programs):
            self.add(path)
            self.add(os.path.realpath(path))

    def text(self, inside: str, text: str, mode: int = 0o644) -> None:
        self.data(inside, text.encode(), mode)

    def data(self, inside: str, data: bytes, mode: int = 0o644) -> None:
        if name := self._new(inside):
            entry = tarfile.TarInfo(name)
            entry.mode, entry.size = mode, len(data)
            self._tar.addfile(entry, io.BytesIO(data))

    def link(self, inside: str, target: str) -> None:
        self._entry(inside, tarfile.SYMTYPE, 0o777, target)

    def made(self, inside: str, mode: int = 0o755) -> None:
        """An empty folder."""
        self._entry(inside, tarfile.DIRTYPE, mode)

    def _entry(self, inside: str, kind: bytes, mode: int, target: str = "") -> None:
        if name := self._new(inside):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode, entry.linkname = kind, mode, target
            self._tar.addfile(entry)

    def debian(self, *packages: str, user: str = "") -> None:
        """A small Debian with the packages, as far as this machine has them, and perhaps one user more."""
        for name in ("bin", "sbin", "lib", "lib64"):
            self._seen.add(name)
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname, entry.mode = tarfile.SYMTYPE, f"usr/{name}", 0o777
            self._tar.addfile(entry)
        for name, mode in _FOLDERS.items():
            self.made(name, mode)
        for name in ("passwd", "group"):
            master = Path(f"/usr/share/base-passwd/{name}.master").read_text(encoding="ascii")
            if name == "passwd":
                master += "_apt:*:42:65534::/nonexistent:/usr/sbin/nologin\n"
            if user:
                master += (
                    f"{user}:x:1000:1000::/home/{user}:/bin/bash\n"
                    if name == "passwd"
                    else f"{user}:x:1000:\n"
                )
            self.text(f"etc/{name}", master.replace(":*:", ":x:"))
        self.text("etc/shadow", "root:*:19000:0:99999:7:::\n", 0o640)
        self.text("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")
        essential = [name for name, text in _installed().items() if "\nEssential: yes" in text]
        wanted = _closure([*essential, *NAMES_SUPPLIED, *packages])
        for name in wanted:
            self._package(name)
        for path in ("/usr/bin/awk", "/etc/alternatives/awk", BUNDLE, "/etc/ld.so.cache", "/etc/ld.so.conf"):
            self.add(path)
        for path in (Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")):
            self.add(path)
        self.text("var/lib/dpkg/status", "\n\n".join(_installed()[name].strip() for name in wanted) + "\n")

    def _package(self, name: str) -> None:
        for listing in (_INFO / f"{name}.list", *_INFO.glob(f"{name}:*.list")):
            if listing.exists():
                self.add(listing)
                for path in listing.read_text(encoding="utf-8").splitlines():
                    if path.startswith("/") and path != "/." and not _LEFT_OUT.search(path):
                        self.add(path)
