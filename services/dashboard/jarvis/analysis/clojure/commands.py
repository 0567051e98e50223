"""The commands that build and start a project in Clojure, with Leiningen, tools.build and Boot."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.tree import Tree

_PROJECT = re.compile(r"\(defproject\s+([\w./-]+)\s+\"([^\"]+)\"")
_MAIN = re.compile(r":main\s+(?:\^[\w:-]+\s+|\^\{[^}]{0,80}\}\s+){0,4}([\w.*-]+)")
_UBER = re.compile(r":uberjar-name\s+\"([^\"]+)\"")
HANDLER = re.compile(r":ring\s+\{[^}]{0,300}:handler\s+([\w./-]+)")
_OUT = re.compile(r"(?:uber-file|standalone)\b[^\n]*?\"([^\"]*\.jar)\"|:uber-file\s+\"([^\"]+)\"")
_FORMAT = re.compile(r"\(def\s+uber-file\s+\(format\s+\"([^\"]+)\"\s+([^\n]*)")
_DEF = re.compile(r"\(def\s+(?:\^:\w+\s+)?(lib|version|app)\s+['`\"]?([\w./-]+)")
_ALIAS = re.compile(r":([\w/-]+)\s*\{[^{}]*?:(main-opts|exec-fn)\s*(\[[^\]]*\]|[\w./-]+)")
_ENTRY = re.compile(r"\(defn\s+(?:\^[\w:{}\s-]+\s+)?-main\b")
_NS = re.compile(r"\(ns\s+(?:\^[\w:{}\s-]+\s+)?([\w.-]+)")
COMMENT = re.compile(r"(\"(?:\\.|[^\"\\])*\"?)|;[^\n]*|#_\s*(?:\[[^\]]{0,300}\]|\([^)]{0,300}\))")


def leiningen(found: Candidate, tree: Tree, file: str, root: str, text: str, sources: list[str]) -> None:
    """Claim the commands of a `project.clj`, whose text is `text`; its folder is `root`."""
    inner = f"cd {root.rstrip('/')} && " if root else ""
    project, main, uber = _PROJECT.search(text), _MAIN.search(text), _UBER.search(text)
    handler = HANDLER.search(text)
    entry = main[1] if main else _entry(tree, sources)
    ring = bool(handler) and not main
    claim(
        found, file, "makes one archive", build_command=f"{inner}lein {'ring uberjar' if ring else 'uberjar'}"
    )
    if project and (entry or ring):
        name = uber[1] if uber else f"{project[1].rpartition('/')[2]}-{project[2]}-standalone.jar"
        folder = "target/uberjar/" if ":target-path" in text and "%s" in text else "target/"
        claim(found, file, "starts the archive", start_command=f"java -jar {root}{folder}{name}")
    elif found.kind == "web" or entry:
        claim(found, file, "starts it", start_command=f"{inner}lein run")
    else:
        claim(found, file, "nothing in it can be started", kind="library")


def tools(
    found: Candidate, tree: Tree, file: str, root: str, text: str, sources: list[str], tool: str
) -> None:
    """Claim the commands of a `deps.edn` or, when `tool` is `boot`, of a `build.boot`."""
    inner = f"cd {root.rstrip('/')} && " if root else ""
    if tool == "boot":
        claim(found, file, "makes one archive", build_command=f"{inner}boot build")
        claim(found, file, "starts it", start_command=f"{inner}java -jar target/*.jar")
        return
    script = root + "build.clj"
    if script in tree and re.search(r"\(b/uber\b|\(defn\s+uber\b|uberjar", tree.text(script)):
        task = (
            "uber"
            if re.search(r"\(defn\s+uber\s", tree.text(script))
            else "uberjar"
            if "(defn uberjar" in tree.text(script)
            else "ci"
        )
        claim(found, script, "makes one archive", build_command=f"{inner}clojure -T:build {task}")
        claim(found, script, "starts the archive", start_command=f"java -jar {root}{_archive(tree, script)}")
        return
    claim(found, file, "fetches what it depends on", install_command=f"{inner}clojure -P")
    entry = _entry(tree, sources)
    for match in _ALIAS.finditer(text):
        name, kind = match[1], match[2]
        if name in ("run", "run-m", "run-x", "main", "start", "server", "serve", "prod"):
            option = "-M" if kind == "main-opts" else "-X"
            claim(
                found,
                file,
                f"the alias {name}",
                tree.line_of(file, f":{name}"),
                start_command=f"{inner}clojure {option}:{name}",
            )
            return
    if entry:
        claim(found, file, "the namespace with -main", start_command=f"{inner}clojure -M -m {entry}")
    elif found.kind != "web":
        claim(found, file, "nothing in it can be started", kind="library")


def _archive(tree: Tree, script: str) -> str:
    """The archive that build.clj makes, as far as it can be read."""
    text = COMMENT.sub(lambda match: match[1] or "", tree.text(script))
    values = {match[1]: match[2] for match in _DEF.finditer(text)}
    if match := _FORMAT.search(text):
        filled = match[1]
        for word in re.findall(r"\b(?:lib|version|app)\b", match[2]):
            value = values.get(word, "")
            filled = filled.replace("%s", value.rpartition("/")[2] if value else "*", 1)
        return filled.replace("%s", "*")
    match = _OUT.search(text)
    return (match[1] or match[2]) if match else "target/*.jar"


def _entry(tree: Tree, sources: list[str]) -> str:
    for path in sources[:80]:
        text = tree.text(path)
        if _ENTRY.search(text) and (name := _NS.search(text)):
            return name[1]
    return ""
