"""The members of a verdict, made of the chosen candidate; paths become relative to what was handed in."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from jarvis.analysis import container, corrected, stack
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.choose import CONVINCING, DEEPER, Option
from jarvis.analysis.environment import variables
from jarvis.analysis.evidence import Evidence, Finding, Need, Variable
from jarvis.analysis.findings import scan
from jarvis.analysis.tree import Tree
from jarvis.analysis.verdict import Alternative, Part

KEPT = (
    "kind", "language", "language_version", "framework", "package_manager", "install_command",
    "build_command", "start_command", "port", "health_path", "spa",
)  # fmt: skip
"""Members that a verdict takes over from the candidate as they are."""
ALTERNATIVES = 5
"""Other things it might be that are told."""
LIKELY = 0.3
"""From here on something else is worth telling."""
CLOSE = 0.04
"""Two answers that are nearer to each other leave a doubt."""
ITS_OWN = frozenset({"compose", "dockerfile", "static", "shell"})
"""What lies beside a program without being another."""
UNRIVALLED = 0.5
"""The part of the doubt that goes where nothing else is likely."""
MOST_SURE = 0.98
T = TypeVar("T", Evidence, Finding, Need, Variable)
UNSET: tuple[object, ...] = ("", "none", None, False)
"""Values that say nothing and so need no reason."""

_SEVERITY = ("danger", "warning", "note")


def kept(found: Candidate) -> dict[str, Any]:
    """What stays as the candidate has it."""
    return {name: getattr(found, name) for name in KEPT}


def own(tree: Tree) -> dict[str, str]:
    """The project's own container files."""
    return {"dockerfile": container.dockerfile(tree), "compose": stack.compose_file(tree)}


def containers(files: Mapping[str, str], place: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The same, where they are in the artifact, or where a person said."""
    return {name: given.get(name, _in(place, file)) for name, file in files.items()}


def databases(found: Candidate) -> tuple[str, ...]:
    """The engines that it cannot do without."""
    return tuple(sorted({need.engine for need in found.needs if need.level != "optional"}))


def needs(found: Candidate, place: str) -> tuple[Need, ...]:
    """Every engine it may use, by name."""
    return tuple(sorted(_at(place, found.needs), key=lambda need: need.engine))


def environment(found: Candidate, tree: Tree, place: str) -> tuple[Variable, ...]:
    """Every variable; what the detector knows of one counts more than what was found by searching."""
    known = {item.name: item for item in variables(tree)} | {item.name: item for item in found.environment}
    return tuple(_at(place, [known[name] for name in sorted(known)]))


def moved(members: Iterable[Part], place: str) -> tuple[Part, ...]:
    """The parts, where they are in the artifact."""
    return tuple(replace(part, root=_in(place, part.root) or place) for part in members)


def evidence(found: Candidate, tree: Tree, place: str, given: Mapping[str, Any]) -> tuple[Evidence, ...]:
    """The reasons, fact by fact, the one for the final value first; all that says something has one."""
    made = corrected.evidence(given)
    first = next((item for item in found.evidence if item.file in tree), None)
    file = first.file if first else next(iter(tree.files), "")
    for fact in (*KEPT, "static_dir"):
        value = getattr(found, fact)
        known = [item for item in found.evidence if item.fact == fact and item.file in tree]
        known.sort(key=lambda item: item.value != str(value))
        if fact not in given and value not in UNSET and (not known or known[0].value != str(value)):
            known.insert(0, Evidence(fact, str(value), file, None, "follows from what was found here"))
        made += _at(place, list(dict.fromkeys(known)))
    if place and "root" not in given:
        made.append(Evidence("root", place, _in(place, file), None, "what is built or served lies there"))
    for fact, path in own(tree).items():
        if path and fact not in given:
            why = "its own; it wins over one that Jarvis would write"
            made.append(Evidence(fact, _in(place, path), _in(place, path), None, why))
    return tuple(made)


def confidence(options: list[Option], given: Mapping[str, Any]) -> float:
    """How sure kind, language and framework are.

    The detector's own word, and: less below the top, less where something else is as likely, more where
    nothing else is likely at all. Measured on labelled apps.
    """
    chosen, *others = options
    if "kind" in given:
        return 1.0
    sure = chosen.candidate.confidence
    if chosen.root:
        sure -= DEEPER[min(chosen.root.count("/") + 1, len(DEEPER) - 1)] / 2
    rivals = [
        option.candidate.confidence
        for option in others
        if option.runs and option.candidate.language not in {chosen.candidate.language, *ITS_OWN}
    ]
    highest = max(rivals, default=0.0)
    if chosen.candidate.confidence - highest < CLOSE:
        sure -= 2 * CLOSE
    elif highest < LIKELY and sure >= CONVINCING:
        sure += (1 - sure) * UNRIVALLED
    return round(max(0.0, min(MOST_SURE, sure)), 2)


def alternatives(options: list[Option], within: str) -> tuple[Alternative, ...]:
    """What else it might be, the likeliest first."""
    chosen = options[0]
    told = {_key(chosen): None}
    made: list[Alternative] = []
    for option in options[1:]:
        found = option.candidate
        if found.confidence < LIKELY or _key(option) in told or len(made) == ALTERNATIVES:
            continue
        told[_key(option)] = None
        reason = next((item.why for item in found.evidence if item.fact in {"kind", "language"}), "")
        why = (
            found.against[0]
            if found.against
            else f"{_name(chosen.candidate)} comes first; this one: {reason}."
        )
        root = _in(within, option.root) or within
        made.append(Alternative(found.kind, found.language, found.framework, root, found.confidence, why))
    return tuple(made)


def findings(tree: Tree, options: list[Option], within: str) -> tuple[Finding, ...]:
    """What should be looked at: in all that was handed in, and in what would be built."""
    chosen = options[0]
    made = dict.fromkeys(scan(tree))
    for option in options:
        if option is chosen or (
            option.root == chosen.root and option.candidate.kind in {"compose", "dockerfile"}
        ):
            place = "/".join(part for part in (within, option.root) if part)
            made |= dict.fromkeys(
                replace(item, file=_in(place, item.file)) for item in option.candidate.findings
            )
    order = sorted(
        made, key=lambda item: (_SEVERITY.index(item.severity), item.file, item.line or 0, item.rule)
    )
    return tuple(order)


def _key(option: Option) -> tuple[str, str, str, str]:
    found = option.candidate
    return found.kind, found.language, found.framework, option.root


def _name(found: Candidate) -> str:
    return found.framework if found.framework != "none" else found.language


def _at(place: str, items: list[T]) -> list[T]:
    """The same items, their files as seen from the artifact."""
    return [replace(item, file=_in(place, item.file)) for item in items] if place else items


def _in(place: str, path: str) -> str:
    """A path below `place`, as seen from the artifact; empty stays empty."""
    return f"{place}/{path}" if place and path else path
