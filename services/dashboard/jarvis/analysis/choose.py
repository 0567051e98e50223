"""Which of the things that a folder may be is meant.

The order, from what wins to what loses:

1. What agrees with a person's correction of kind or language.
2. A program that is recognised at the top and can be run. Its own Dockerfile or compose file is said beside
   it and wins when it is built.
3. A compose file at the top that runs more than databases. It also comes before a program that has no
   manifest of its own.
4. A Dockerfile at the top.
5. Plain pages, shell scripts, programs one or two folders down, and programs that cannot be run by
   themselves. A server comes before pages, pages before a script; what lies deeper counts less.
6. What only configures something, and guesses.

Pages and shell scripts lose against a Dockerfile or compose file beside them: neither needs one for itself,
so they are what goes into the container, or what starts it. Within a step the surer candidate wins, and at
equal confidence the earlier line of `detectors.DETECTORS`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jarvis.analysis import platforms, stack
from jarvis.analysis.below import seek
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.detectors import DETECTORS, Detector
from jarvis.analysis.detectors.output import FOLDERS
from jarvis.analysis.manifests import NAMES, SUFFIXES, at_top, is_aside
from jarvis.analysis.pages import FIRST
from jarvis.analysis.procfile import processes
from jarvis.analysis.tree import Tree

PREFERRED = (
    "backend", "server", "api", "app", "web", "service", "src", "site", "website", "www", "public",
    "frontend", "client", "ui",
)  # fmt: skip
"""Folders in which the program is looked for first."""
MOST = 12
"""Folders that are looked into."""
CONVINCING = 0.5
"""From here on a candidate is more than a guess."""
PAGE = 0.85
"""From here on a page at the top is what is meant."""
DEEPER = (0.0, 0.1, 0.15, 0.2)
"""How much less sure something is that lies so many folders down."""
KINDS = {
    "web": 0.06, "static": 0.04, "worker": 0.03, "function": 0.02, "monorepo": -0.05, "library": -0.5,
    "config-only": -0.5, "empty": -0.6,
}  # fmt: skip
"""What is rather meant than something else beside it."""
LONE = 0.75
"""Below, a program is known by its sources alone: the compose file beside it says better how it is run."""
BESIDE = 2
"""The last step that is only what lies beside, or below, something else."""
HELPERS = frozenset({"shell", "batch"})
HELP = -0.45
"""Scripts of these languages are seldom what is meant, more often what helps with it."""
STARTERS = frozenset({"start", "run", "serve", "server", "boot", "entrypoint", "docker-entrypoint", "main"})
"""How scripts are called that start a program."""
ELSEWHERE = 0.2
"""How much less likely a program is that belongs to a folder below."""
PACKAGES = ("package.json", "requirements.txt", "pyproject.toml", "Gemfile", "composer.json", "go.mod")
"""Manifests that a folder below may have of its own."""
FINISHED = 0.6
"""From here on pages are finished ones."""
SHOWN = frozenset({"language", "kind", "package_manager"})
"""Facts whose evidence tells where something lies."""
AT_HOME = frozenset({"dotnet", "java", "kotlin", "scala"})
"""Languages whose projects below the top refer to others beside them, and so are built from the top."""


@dataclass
class Option:
    """One thing that the folder may be: a candidate and the folder that it speaks of."""

    candidate: Candidate
    root: str = ""
    told: bool = False
    """A Procfile or a file for another platform says how it is started."""

    elsewhere: bool = False
    """What it starts lies in a folder that has a manifest of its own."""

    @property
    def depth(self) -> int:
        """Folders between the top and what shows it."""
        files = [item.file for item in self.candidate.evidence if item.fact in SHOWN and item.file]
        inside = min((file.count("/") for file in files), default=0)
        return inside + (self.root.count("/") + 1 if self.root else 0)

    @property
    def runs(self) -> bool:
        """It can be started or served as it is."""
        found = self.candidate
        if found.kind in {"config-only", "empty"}:
            return False
        return found.kind not in {"library", "script"} or bool(found.start_command) or self.told


def _asked(detect: Detector, tree: Tree) -> Candidate | None:
    try:
        return detect(tree)
    except Exception:  # noqa: BLE001 - a stranger's files: one detector's fault must not silence the others
        return None


def ask(tree: Tree, root: str = "") -> list[Option]:
    """What each detector says of the tree, in their order."""
    told = _is_told(tree)
    made = [Option(found, root, told) for detect in DETECTORS if (found := _asked(detect, tree)) is not None]
    for option in made:
        option.elsewhere = _starts_elsewhere(tree, option.candidate)
    return made


def _starts_elsewhere(tree: Tree, found: Candidate) -> bool:
    """What is started lies in a folder with its own manifest, and the one at the top knows no framework."""
    if found.framework != "none" or found.kind not in {"web", "script"}:
        return False
    start = next((item.file for item in found.evidence if item.fact == "start_command"), "")
    place = start.partition("/")[0] if "/" in start else ""
    return bool(place) and any(f"{place}/{name}" in tree for name in PACKAGES) and not is_aside(place)


def options(tree: Tree, correction: Mapping[str, Any]) -> list[Option]:
    """Everything that the folder may be, the likeliest first."""
    found = ask(tree)
    order = _Order(correction, _runs_more_than_databases(tree), any(map(_is_finished, found)))
    if "root" not in correction and not any(order.settles(option) for option in found):
        told = _is_told(tree)
        for folder in folders(tree):
            inner = [option for option in ask(tree.under(folder), folder) if _counts_below(option, found)]
            found += [_from_top(tree, option) for option in inner] if told else inner
    found.sort(key=order.rank, reverse=True)
    _lend(found)
    return found


def _is_told(tree: Tree) -> bool:
    return bool(processes(tree)) or platforms.start(tree) is not None


def _from_top(tree: Tree, option: Option) -> Option:
    """The same, told as from the top: there a Procfile says how it is started."""
    found = seek(tree, option.root, lambda _: option.candidate) or option.candidate
    return Option(found, "", told=True)


@dataclass(frozen=True)
class _Order:
    """The order above, for one folder.

    Attributes:
        compose: Its compose file runs more than databases.
        pages: There are finished pages; a script beside them has made them, or is a part of them.
    """

    correction: Mapping[str, Any]
    compose: bool
    pages: bool

    def step(self, option: Option) -> int:
        """The step of the order, counted from the last."""
        found = option.candidate
        if found.confidence < CONVINCING or found.kind in {"config-only", "empty"}:
            return 1
        if option.depth or (option.elsewhere and not option.told):
            return 2
        if found.kind == "compose":
            return 4 if self.compose else 2
        if found.kind == "dockerfile":
            return 3
        if self.pages and found.kind == "script" and not option.told:
            return 2
        if self.compose and found.confidence < LONE and not option.told:
            return 2
        return 5 if option.runs and found.language not in {"static", *HELPERS} else 2

    def settles(self, option: Option) -> bool:
        """Nothing below the top can be meant instead."""
        found = option.candidate
        page = found.language == "static" and found.static_dir == "." and found.confidence >= PAGE
        return page or self.step(option) > BESIDE

    def rank(self, option: Option) -> tuple[bool, bool, int, float]:
        """What is compared, the weightiest first."""
        found = option.candidate
        step = self.step(option)
        sure = found.confidence
        if step <= BESIDE:
            sure -= DEEPER[min(option.root.count("/") + 1, len(DEEPER) - 1)] if option.root else 0.0
            sure -= ELSEWHERE if option.elsewhere else 0.0
            sure += KINDS.get(found.kind, 0.0) if option.runs else KINDS["library"]
            sure += HELP if found.language in HELPERS or (self.pages and found.kind == "script") else 0.0
        return (
            self.correction.get("language", found.language) == found.language,
            self.correction.get("kind", found.kind) == found.kind,
            step,
            round(sure, 4),
        )


def _is_finished(option: Option) -> bool:
    """Are these pages that can be served as they are?"""
    found = option.candidate
    return found.language == "static" and found.confidence >= FINISHED


def _lend(found: list[Option]) -> None:
    """A program that nothing starts is started by the shell script beside it."""
    first = found[0] if found else None
    if first is None or first.runs or first.candidate.kind not in {"library", "script"}:
        return
    for option in found:
        shell = option.candidate
        if shell.language != "shell" or option.root != first.root:
            continue
        file = shell.evidence[0].file
        if file.rpartition("/")[2].partition(".")[0] in STARTERS:
            why = "a script beside it starts it"
            claim(first.candidate, file, why, kind=shell.kind, start_command=shell.start_command)
            return


def folders(tree: Tree) -> list[str]:
    """Folders one or two levels down that may hold a program, the likeliest first."""
    places: set[str] = {path.rpartition("/")[0] for path in tree.named(*NAMES, *FIRST, depth=2)}
    places |= {path.rpartition("/")[0] for path in _ending(tree)}
    wrapped = only_folder(tree)
    if wrapped and wrapped not in places:
        places.add(wrapped)
    known = frozenset(FOLDERS) if at_top(tree) else frozenset[str]()
    likely = [
        place
        for place in places
        if place and (place == wrapped or not (is_aside(place) or place.partition("/")[0] in known))
    ]
    return sorted(likely, key=lambda place: (place != wrapped, place.count("/"), _preference(place), place))[
        :MOST
    ]


def only_folder(tree: Tree) -> str:
    """The one folder in which everything lies; empty where something else is at the top."""
    if any(
        not path.startswith(".") and not path.lower().startswith(("readme", "license")) for path in tree.top
    ):
        return ""
    tops = {path.partition("/")[0] for path in tree.files if "/" in path and not path.startswith(".")}
    return tops.pop() if len(tops) == 1 else ""


def _ending(tree: Tree) -> Iterator[str]:
    for suffix in SUFFIXES:
        yield from (
            path for path in tree.ending(suffix[suffix.rfind(".") :], depth=2) if path.endswith(suffix)
        )


def _preference(place: str) -> int:
    name = place.rpartition("/")[2].lower()
    return PREFERRED.index(name) if name in PREFERRED else len(PREFERRED)


def _runs_more_than_databases(tree: Tree) -> bool:
    file = stack.compose_file(tree)
    return any(not service.engine for service in stack.services(tree, file)) if file else False


def _counts_below(option: Option, known: list[Option]) -> bool:
    """Is it worth saying? Not what a detector has seen from the top, where it is built from there."""
    found = option.candidate
    if found.confidence < CONVINCING or found.kind in {"config-only", "empty"}:
        return False
    return found.language not in AT_HOME or all(item.candidate.language != found.language for item in known)
