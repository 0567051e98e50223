"""Ruby: Bundler projects, rack apps, site generators, workers and plain scripts."""

from jarvis.analysis.below import seek
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.ruby import generators, kind, needs, program
from jarvis.analysis.ruby.frameworks import JEKYLL, TOOLS
from jarvis.analysis.ruby.gemfile import FILES, LOCKS, Gems, gems, version
from jarvis.analysis.support import end_of_life
from jarvis.analysis.tree import Tree

OTHERS = (
    "package.json",
    "requirements.txt",
    "pyproject.toml",
    "go.mod",
    "composer.json",
    "Cargo.toml",
    "pom.xml",
)
"""Manifests beside which a lone source in Ruby is more likely a tool."""
DEPTH = 2
"""Folders above a Gemfile that still speaks for the whole."""


def detect(tree: Tree) -> Candidate | None:
    """A site, a worker, a program or a library in Ruby."""
    here = _detect(tree)
    if here is not None and (here.confidence > 0.5 or tree.first(*FILES)):
        return here
    deep = [
        path for path in tree.named(*FILES, "config.ru", depth=DEPTH) if "/" in path and "vendor/" not in path
    ]
    folders = list(dict.fromkeys(path.rpartition("/")[0] for path in deep))[:3]
    found = [seek(tree, folder, _detect) for folder in folders]
    return max((item for item in [*found, here] if item), key=lambda item: item.confidence, default=None)


def _detect(tree: Tree) -> Candidate | None:
    said = gems(tree)
    main = program.main(tree)
    specs = tree.ending(".gemspec", depth=0)
    seen = said.file or tree.first("config.ru", *specs, "Rakefile") or main
    if not seen and (called := program.function(tree)):
        seen = called[0]
    if not seen or (said.first(*JEKYLL) and not said.first("rails", "sinatra")):
        return None
    tools = bool(said.needed) and set(said.needed) <= TOOLS
    if tools and not main and not tree.first("config.ru", "Rakefile"):
        return None
    candidate = Candidate("script", "ruby", _confidence(tree, said, main, specs))
    candidate.because("language", seen, "Ruby's manifest." if seen != main else "A Ruby source.")
    candidate.dependencies.update(said.needed | said.apart)
    _install(candidate, tree, said)
    _version(candidate, tree)
    if generators.fill(candidate, tree, said):
        return candidate
    sources = [path for path in (main, "config.ru", "config/application.rb") if path in tree]
    kind.fill(candidate, tree, said, main, sources)
    needs.find(candidate, tree, said, sources)
    return candidate


def _confidence(tree: Tree, said: Gems, main: str, specs: list[str]) -> float:
    if said.file and set(said.needed) <= TOOLS and not main and "config.ru" not in tree:
        return 0.6 if said.needed else 0.5
    if said.file:
        return 0.93
    if "config.ru" in tree:
        return 0.92
    if specs:
        return 0.9
    others = tree.named(*OTHERS, depth=0)
    if "/" in main or not main:
        return 0.4
    return 0.45 if others else 0.66


def _install(candidate: Candidate, tree: Tree, said: Gems) -> None:
    if not said.file:
        return
    claim(candidate, said.file, "Bundler fetches what it names.", package_manager="bundler")
    claim(candidate, said.file, "It fetches the gems.", install_command="bundle install")
    if said.needed and not tree.first(*LOCKS):
        why = "Run `bundle lock` and add Gemfile.lock, or every build may take other versions."
        candidate.find("missing-lock-file", "warning", said.file, why)


def _version(candidate: Candidate, tree: Tree) -> None:
    if stated := version(tree):
        number, file, line = stated
        claim(candidate, file, "It states the version.", line, language_version=number)
        open_ended = ">" in number and "<" not in number
        if not open_ended and (ended := end_of_life("ruby", number)):
            candidate.find(
                "end-of-life", "warning", file, f"Ruby {number} has had no fixes since {ended}.", line
            )
