"""Projects that have to be built or run; recognised so that the refusal can say what was found."""

from collections.abc import Sequence

from jarvis.analysis.verdict import Evidence, Verdict

MANIFESTS = (
    ("docker-compose.yml", "compose", "a compose stack"),
    ("compose.yaml", "compose", "a compose stack"),
    ("compose.yml", "compose", "a compose stack"),
    ("Dockerfile", "dockerfile", "a container build"),
    ("package.json", "node", "a Node project"),
    ("pyproject.toml", "python", "a Python project"),
    ("requirements.txt", "python", "a Python project"),
    ("go.mod", "go", "a Go project"),
    ("Cargo.toml", "rust", "a Rust project"),
    ("Gemfile", "ruby", "a Ruby project"),
    ("composer.json", "php", "a PHP project"),
    ("pom.xml", "java", "a Java project"),
)


def detect(paths: Sequence[str]) -> Verdict | None:
    """A project by its manifest."""
    present = set(paths)
    for name, kind, what in MANIFESTS:
        if name in present:
            return Verdict(kind, "", 0.6, (Evidence("kind", name, what),))
    return None
