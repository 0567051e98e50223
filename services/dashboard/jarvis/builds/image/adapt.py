"""The Dockerfile that is handed to Docker: the one that a person reads, with what this Docker needs changed.

A Dockerfile of the project is only given a label after each FROM, by which what its steps leave is known as
ours and can be removed. One of ours is written for the newest Docker, and says less to an older one.
"""

import json
from collections.abc import Callable, Collection, Iterator

from jarvis.builds.command import SHELL
from jarvis.builds.image.instructions import Dockerfile, Instruction, is_cache

_READ = "/run/secrets/{name}"
_GIVE = 'if [ -f {file} ]; then {name}="$(cat {file})"; export {name}; fi; '


def marked(dockerfile: Dockerfile, label: tuple[str, str]) -> str:
    """The text with `label` on each step, so that also what a failed build leaves is known as ours."""
    line = f"LABEL {label[0]}={json.dumps(label[1])}"
    out: list[str] = []
    for part in dockerfile.parts:
        out += [part] if isinstance(part, str) else part.lines
        if isinstance(part, Instruction) and part.name == "FROM":
            out.append(line)
    return "\n".join(out) + "\n"


def plain(dockerfile: Dockerfile) -> str:
    """One of ours for Docker's old builder: nothing is kept between builds, and no secret is given."""
    return "\n".join(_lines(dockerfile, keep=lambda _: False, given=())) + "\n"


def mounted(dockerfile: Dockerfile, given: Collection[str]) -> str:
    """One of ours for any BuildKit.

    A secret as a variable (`env=`) is newer than the BuildKit of many machines: it is read from its file
    instead, to the same effect. The line `# syntax=` goes, for which a registry would be asked.
    """
    return "\n".join(_lines(dockerfile, keep=is_cache, given=given)) + "\n"


def _lines(dockerfile: Dockerfile, *, keep: Callable[[str], bool], given: Collection[str]) -> Iterator[str]:
    for part in dockerfile.parts:
        if isinstance(part, str):
            if not part.startswith("# syntax="):
                yield part
        elif part.name == "RUN" and part.flags:
            names = [name for name in part.mounted if name in given]
            flags = [flag for flag in part.flags if keep(flag)]
            flags += [f"--mount=type=secret,id={name}" for name in names]
            yield " ".join(("RUN", *flags, _giving(part.rest, names)))
        else:
            yield from part.lines


def _giving(rest: str, names: Collection[str]) -> str:
    """The line of a RUN, with the secrets in its environment."""
    if not names:
        return rest
    words = json.loads(rest) if rest.startswith("[") else [SHELL, "-c", rest]
    give = "".join(_GIVE.format(name=name, file=_READ.format(name=name)) for name in names)
    return json.dumps([SHELL, "-c", f'{give}exec "$0" "$@"', *words]).replace("<", "\\u003c")
