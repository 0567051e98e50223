"""The ecosystems that Jarvis can build. The first that fits makes the stack.

A new one is one file with `fits` and `stack` and one line below.
"""

from jarvis.builds.project import Project
from jarvis.builds.stacks import (
    bun,
    clojure,
    cobol,
    conda,
    cpp,
    crystal,
    dart,
    deno,
    dotnet,
    elixir,
    flutter,
    gleam,
    go,
    haskell,
    hugo,
    java,
    node,
    pages,
    perl,
    php,
    python,
    r,
    ruby,
    rust,
    scala,
    shell,
    swift,
    war,
    zig,
    zola,
)
from jarvis.builds.stacks.stack import Ecosystem, Stack

STACKS: tuple[Ecosystem, ...] = (
    bun,  # is Node.js for the analysis, told by its package manager
    node,
    deno,
    conda,  # is Python for the analysis, told by its package manager
    python,
    go,
    rust,
    ruby,
    php,
    war,  # is Java without a start of its own
    java,
    scala,
    clojure,
    dotnet,
    elixir,
    gleam,
    flutter,  # is Dart with a framework
    dart,
    swift,
    haskell,
    cpp,
    zig,
    crystal,
    perl,
    r,
    cobol,
    hugo,
    zola,
    shell,
    pages,  # whatever they were made with, when they are finished
)


def find(project: Project) -> Stack | None:
    """How `project` is fetched, made and started; None for a language that Jarvis has no image for."""
    ecosystem = next((item for item in STACKS if item.fits(project)), None)
    return ecosystem.stack(project) if ecosystem is not None else None
