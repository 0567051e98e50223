"""Whether a Ruby program is a site, a function, a worker, a script or a library."""

import re
from shlex import quote

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.evidence import Variable
from jarvis.analysis.health import health_route
from jarvis.analysis.ruby import program, rails, start
from jarvis.analysis.ruby.frameworks import FRAMEWORKS, REQUIRES, WORKERS
from jarvis.analysis.ruby.gemfile import Gems
from jarvis.analysis.ruby.port import CONFIGS, port
from jarvis.analysis.tree import Tree


def fill(candidate: Candidate, tree: Tree, said: Gems, main: str, sources: list[str]) -> None:
    """Fill in the kind, the framework, and how it is started.

    Args:
        candidate: Gets the members.
        tree: The project.
        said: Its gems.
        main: The source that it begins with; empty for none.
        sources: That one and the others that tell what it is.
    """
    if said.first("functions_framework") and not said.first("rails", "sinatra", "hanami"):
        file, line = said.needed["functions_framework"]
        claim(candidate, file, "A platform calls what functions_framework wraps.", line, kind="function")
        return
    framework = _framework(tree, said, sources)
    if framework is not None:
        name, usual, file, line = framework
        claim(candidate, file, f"It is made with {name}.", line, framework=name, kind="web")
        candidate.confidence = 0.97 if candidate.confidence >= 0.9 else max(candidate.confidence, 0.7)
        if name == "rails" and said.file and not said.first("rails", "railties", "solidus", "spree"):
            candidate.confidence = 0.75
            candidate.against.append("It has Rails' command, but no gem brings Rails.")
        _serve(candidate, tree, said, main, (usual, file, line))
        return
    if called := program.function(tree):
        claim(
            candidate,
            called[0],
            "A platform calls it; it does not listen itself.",
            called[1],
            kind="function",
        )
        return
    if listening := program.listens(tree, sources):
        file, line, spoken = listening
        claim(candidate, file, "It listens on a socket.", line, kind="web" if spoken else "worker")
        if spoken:
            _serve(candidate, tree, said, main, (8080, file, line))
            return
    _run(candidate, tree, said, main)


def _engine(tree: Tree) -> bool:
    """Is it a part for Rails, with Rails' command only for its tests?"""
    return bool(tree.ending(".gemspec", depth=0)) and not tree.first("config.ru", "config/environment.rb")


def _framework(tree: Tree, said: Gems, sources: list[str]) -> tuple[str, int, str, int | None] | None:
    if _engine(tree):
        return None
    if "bin/rails" in tree or ("script/rails" in tree and "app" in tree.folders):
        file, line = said.needed.get("rails", (tree.first("bin/rails", "script/rails"), None))
        return "rails", 3000, file, line
    for gem, name, usual in FRAMEWORKS:
        if gem in said.needed:
            return name, usual, *said.needed[gem]
    if "config/application.rb" in tree and "Rails::Application" in tree.text("config/application.rb"):
        return (
            "rails",
            3000,
            "config/application.rb",
            tree.line_of("config/application.rb", "Rails::Application"),
        )
    for source in sources:
        for pattern, name, usual in REQUIRES:
            if hit := tree.search(source, re.compile(pattern, re.MULTILINE)):
                return name, usual, source, hit[1]
    return ("rack", 9292, "config.ru", None) if "config.ru" in tree else None


def _serve(
    candidate: Candidate, tree: Tree, said: Gems, main: str, usual: tuple[int, str, int | None]
) -> None:
    number, file, line = usual
    places = [path for path in (main, *CONFIGS, "config.ru") if path in tree]
    if literal := port(tree, places):
        claim(candidate, literal[1], "The sources name it.", literal[2], port=literal[0])
    else:
        claim(candidate, file, "What such programs usually take.", line, port=number)
    start.web(candidate, tree, said, main)
    if candidate.framework == "rails":
        rails.fill(candidate, tree, said)
    else:
        candidate.environment.append(Variable("RACK_ENV", False, False, "production", file, line))
    routes = [path for path in ("config/routes.rb", main, "config.ru") if path in tree]
    if not candidate.health_path and (found := health_route(tree, routes)):
        claim(candidate, found[1], "A path that is there to be asked.", found[2], health_path=found[0])


def _run(candidate: Candidate, tree: Tree, said: Gems, main: str) -> None:
    """A program without a web server: a worker, a script, tasks, or a library."""
    prefix = "bundle exec " if said.needed else ""
    worker = said.first(*WORKERS)
    if worker:
        file, line = said.needed[worker]
        command = f"ruby {quote(main)}" if main else "sidekiq" if worker == "sidekiq" else "rake"
        if worker == "sidekiq" and tree.first("config/sidekiq.yml"):
            command = "sidekiq -C config/sidekiq.yml"
        claim(
            candidate,
            file,
            f"{worker} keeps it running.",
            line,
            kind="worker",
            start_command=prefix + command,
        )
    elif main:
        candidate.because("kind", main, "A program that listens nowhere.")
        claim(candidate, main, "The program itself.", start_command=f"{prefix}ruby {quote(main)}")
    elif tree.ending(".gemspec", depth=0):
        spec = tree.ending(".gemspec", depth=0)[0]
        claim(candidate, spec, "It is made into a gem, and starts nothing.", kind="library")
    elif file := tree.first("Rakefile", "rakefile", "Rakefile.rb"):
        candidate.because("kind", file, "Tasks for Rake, and nothing that listens.")
        claim(candidate, file, "Rake's default task.", start_command=f"{prefix}rake")
    else:
        candidate.because("kind", said.file, "Gems, and nothing that listens.")
