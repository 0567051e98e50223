"""How a Ruby program is started in production."""

from shlex import quote

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.ruby.gemfile import Gems
from jarvis.analysis.tree import Tree

SERVERS = (
    ("puma", "puma -b tcp://0.0.0.0:${{PORT:-{port}}}"),
    ("falcon", "falcon serve --bind http://0.0.0.0:${{PORT:-{port}}}"),
    ("unicorn", "unicorn -p ${{PORT:-{port}}}"),
    ("iodine", "iodine -p ${{PORT:-{port}}}"),
    ("passenger", "passenger start -p ${{PORT:-{port}}}"),
    ("thin", "thin start -a 0.0.0.0 -p ${{PORT:-{port}}}"),
)
"""Servers for config.ru, the best kept first."""
CONFIGS = (
    ("puma", "config/puma.rb", "puma -C config/puma.rb"),
    ("puma", "puma.rb", "puma -C puma.rb"),
    ("unicorn", "config/unicorn.rb", "unicorn -c config/unicorn.rb -p ${{PORT:-{port}}}"),
    ("unicorn", "unicorn.rb", "unicorn -c unicorn.rb -p ${{PORT:-{port}}}"),
)


def web(candidate: Candidate, tree: Tree, gems: Gems, main: str) -> None:
    """Fill in the command that serves; `main` is the program's source where it has no config.ru."""
    prefix = "bundle exec " if gems.needed else ""
    port = candidate.port or 9292
    if candidate.framework == "rails":
        program = "bin/rails" if "bin/rails" in tree else "rails"
        command = f"{prefix}{program} server -b 0.0.0.0 -p ${{PORT:-{port}}}"
        shown = tree.first("bin/rails", "config/application.rb", "config.ru", "script/rails") or gems.file
        claim(candidate, shown, "Rails' own command, with the server of its Gemfile.", start_command=command)
    elif "config.ru" in tree:
        gem, shown, line = _server(tree, gems)
        claim(candidate, shown, f"{gem} serves config.ru.", start_command=prefix + line.format(port=port))
    elif candidate.framework == "hanami":
        command = f"{prefix}hanami server --host 0.0.0.0 --port ${{PORT:-{port}}}"
        claim(candidate, gems.file or main, "Hanami's own command.", start_command=command)
    elif main:
        # Sinatra's classic style reads these switches; everything else takes PORT from the environment.
        classic = candidate.framework == "sinatra" and "sinatra/base" not in tree.text(main)
        switches = f" -o 0.0.0.0 -p ${{PORT:-{port}}}" if classic else ""
        claim(
            candidate,
            main,
            "The program serves itself.",
            start_command=f"{prefix}ruby {quote(main)}{switches}",
        )


def _server(tree: Tree, gems: Gems) -> tuple[str, str, str]:
    """The server of a config.ru, the file that shows it, and its command."""
    for gem, file, command in CONFIGS:
        if file in tree and (gem in gems.needed or not gems.file):
            return gem, file, command
    for gem, command in SERVERS:
        if gem in gems.needed:
            return gem, "config.ru", command
    return "rackup", "config.ru", "rackup --host 0.0.0.0 --port ${{PORT:-{port}}}"
