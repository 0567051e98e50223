"""A program that comes without a manifest: one file, or a finished binary."""

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.tree import Tree

STARTS = {
    ".py": ("python", "python {}"),
    ".js": ("node", "node {}"),
    ".mjs": ("node", "node {}"),
    ".cjs": ("node", "node {}"),
    ".ts": ("node", "npx tsx {}"),
    ".php": ("php", "php -S 0.0.0.0:${{PORT:-8080}} {}"),
    ".rb": ("ruby", "ruby {}"),
    ".sh": ("shell", "sh {}"),
    ".bash": ("shell", "bash {}"),
    ".jar": ("java", "java -jar {}"),
    ".pl": ("perl", "perl {}"),
    ".go": ("go", "go run {}"),
}
"""Ending → language and how it is started."""
ELF = b"\x7fELF"
MOST = 20
"""Files at the top that are looked at for a binary."""


def detect(tree: Tree) -> Candidate | None:
    """The only file by its ending, else the first binary at the top that may be executed."""
    if len(tree.files) == 1 and (known := STARTS.get(tree.files[0][tree.files[0].rfind(".") :].lower())):
        file = tree.files[0]
        language, command = known
        kind = "web" if language in {"php", "java"} else "script"
        found = Candidate(kind, language, 0.55)
        claim(found, file, "the only file", kind=kind, language=language, start_command=command.format(file))
        return found
    for file in tree.top[:MOST]:
        if (tree.modes[file] & 0o111 or len(tree.files) == 1) and tree.begins(file, ELF):
            found = Candidate("web", "binary", 0.5)
            why = "a finished program for Linux"
            claim(
                found,
                file,
                why,
                kind="web",
                language="binary",
                framework="prebuilt",
                start_command=f"./{file}",
            )
            return found
    return None
