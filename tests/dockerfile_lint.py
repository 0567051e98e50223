"""A small reader of Dockerfiles and the rules that every one of ours keeps. It knows nothing of the code."""

import json
import re
from dataclasses import dataclass, field

KEYWORDS = frozenset(
    {"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"}
    | {"ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
)
SECRET = re.compile(r"(?i)secret|token|passw|credential|api_?key|private")
MOUNT = re.compile(r"--mount=type=(cache,sharing=locked,target=/[\w./-]+|secret,id=(\w+),env=\2)")
SYNTAX = "# syntax=docker/dockerfile:1"


@dataclass
class Instruction:
    """One instruction: its keyword, its flags, and the rest as it stands."""

    keyword: str
    flags: list[str]
    rest: str

    @property
    def words(self) -> list[str]:
        """The words of its exec form.

        Raises:
            ValueError: It is not in exec form.
        """
        found = json.loads(self.rest)
        if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
            raise ValueError(self.rest)
        return found


@dataclass
class Stage:
    """From one FROM to the next."""

    image: str
    name: str
    instructions: list[Instruction] = field(default_factory=list[Instruction])

    def all(self, keyword: str) -> list[Instruction]:
        """The instructions with `keyword`, in order."""
        return [item for item in self.instructions if item.keyword == keyword]


def instructions(text: str) -> list[Instruction]:
    """What Docker reads: lines joined at a trailing backslash, comments and empty lines left out.

    Raises:
        ValueError: A line is no instruction.
    """
    found: list[Instruction] = []
    pending = ""
    for line in text.split("\n"):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line.rstrip(" \t").endswith("\\"):
            pending += line.rstrip(" \t")[:-1]
            continue
        found.append(_instruction(pending + line))
        pending = ""
    if pending:
        raise ValueError("The last line is not ended.")
    return found


def _instruction(line: str) -> Instruction:
    keyword, _, rest = line.strip().partition(" ")
    if keyword not in KEYWORDS:
        raise ValueError(f"Not an instruction: {line!r}")
    rest, flags = rest.strip(), []
    while rest.startswith("--") and keyword != "ENV":
        flag, _, rest = rest.partition(" ")
        flags.append(flag)
        rest = rest.strip()
    return Instruction(keyword, flags, rest)


def stages(text: str) -> list[Stage]:
    """The stages of a Dockerfile."""
    found: list[Stage] = []
    for item in instructions(text):
        if item.keyword == "FROM":
            image, _, name = item.rest.partition(" AS ")
            found.append(Stage(image, name))
        else:
            found[-1].instructions.append(item)
    return found


def problems(text: str) -> list[str]:
    """Every rule that `text` breaks, as a sentence."""
    if not text.startswith(f"{SYNTAX}\n"):
        return ["it does not begin with its syntax"]
    try:
        read = stages(text)
    except ValueError as error:
        return [str(error)]
    return [*_of_stages(read), *_of_lines(read), *_of_last(read[-1])] if read else ["it has no stage"]


def _of_stages(read: list[Stage]) -> list[str]:
    found: list[str] = []
    names: list[str] = []
    for stage in read:
        tag = stage.image.rpartition("/")[2].partition(":")[2]
        if stage.image not in names and (not tag or tag == "latest" or "$" in stage.image):
            found.append(f"{stage.image} is not pinned")
        if not re.fullmatch(r"[a-z]+", stage.name) or stage.name in names:
            found.append(f"{stage.name!r} is no name for a stage")
        for copy in stage.all("COPY"):
            origin = next((flag[7:] for flag in copy.flags if flag.startswith("--from=")), "")
            if origin and origin not in names:
                found.append(f"COPY --from={origin} names no stage before it")
        names.append(stage.name)
    return found


def _of_lines(read: list[Stage]) -> list[str]:
    found: list[str] = []
    for item in (item for stage in read for item in stage.instructions):
        if item.keyword in {"ADD", "SHELL", "ONBUILD", "MAINTAINER", "VOLUME"}:
            found.append(f"{item.keyword} is not used")
        if item.keyword in {"ARG", "ENV"} and SECRET.search(item.rest.partition("=")[0]):
            found.append(f"{item.keyword} {item.rest} looks like a secret")
        if item.keyword == "ARG" and "=" in item.rest:
            found.append(f"ARG {item.rest} has a value")
        if item.keyword in {"RUN", "COPY"} and "<<" in item.rest:
            found.append("there is a here-document")
        if item.keyword in {"COPY", "ENV"} and not re.fullmatch(r"[\w./*:$=\"\- ,]+", item.rest):
            found.append(f"{item.keyword} {item.rest!r} has signs that mean something")
        mounts = [flag for flag in item.flags if flag.startswith("--mount=")]
        found += [f"{flag} is no mount of ours" for flag in mounts if not MOUNT.fullmatch(flag)]
    return found


def _of_last(last: Stage) -> list[str]:
    found: list[str] = []
    keywords = [item.keyword for item in last.instructions]
    users = [item.rest for item in last.all("USER")]
    if len(users) != 1 or users[0].partition(":")[0] in {"root", "0", ""}:
        found.append(f"it runs as {users or 'root'}")
    if keywords[-1:] != ["CMD"] or keywords.count("CMD") != 1:
        found.append("CMD is not its last word")
    if "USER" in keywords and {"RUN", "COPY"} & set(keywords[keywords.index("USER") :]):
        found.append("something is done after USER")
    for item in (*last.all("CMD"), *last.all("ENTRYPOINT"), *last.all("HEALTHCHECK")):
        try:
            words = Instruction("", [], item.rest.removeprefix("CMD ")).words
        except ValueError:
            found.append(f"{item.keyword} is not in exec form")
        else:
            if not words and item.keyword != "ENTRYPOINT":
                found.append(f"{item.keyword} is empty")
    if last.all("EXPOSE") and not last.all("HEALTHCHECK"):
        found.append("nobody looks after its health")
    return found
