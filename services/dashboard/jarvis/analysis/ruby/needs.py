"""Databases that a Ruby program opens."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.dsn import engine, settings
from jarvis.analysis.ruby.frameworks import ADAPTERS, DRIVERS
from jarvis.analysis.ruby.gemfile import Gems
from jarvis.analysis.tree import Tree

CONFIG = "config/database.yml"

_SQL = frozenset({"postgres", "mysql", "sqlite", "mssql", "oracle"})
_CABLE = frozenset({"redis", "redis-client", "hiredis", "kredis"})
_KEY = re.compile(r"^(\s*)([\w.-]+):\s*(?:&\w+[ \t]+)?(.*)$")
_USED = re.compile(
    r"^[^#\n]*(?::redis_cache_store|:redis_store|Redis\.new|Redis\.current|ConnectionPool|:sidekiq\b)",
    re.MULTILINE,
)
_CALLS = re.compile(
    r"\b(?:Sequel\.(?:connect|sqlite|postgres|mysql2)|establish_connection|DataMapper\.setup)\s*\(?[^\n]{0,200}?"
    r"(postgres|mysql|sqlite)"
)


def find(candidate: Candidate, tree: Tree, gems: Gems, sources: list[str]) -> None:
    """Add what is opened: settings before code, code before gems."""
    decided = _configured(candidate, tree, gems) or _connected(candidate, tree, gems, sources)
    rails = candidate.framework == "rails"
    for name, (file, line) in gems.needed.items():
        known = DRIVERS.get(name)
        if known is None:
            continue
        if known in _SQL and decided and known != decided:
            candidate.need(
                known, "optional", file, f"The gem {name} is there, but {decided} is opened.", line
            )
        elif rails and name in _CABLE and not _uses_redis(tree, gems):
            # Older skeletons bring Redis along for channels, whether there are any or not.
            candidate.need(
                known, "optional", file, f"The gem {name} is there, and nothing is seen to use it.", line
            )
        else:
            _add(candidate, known, file, f"The gem {name} is there for {known}.", line)
    for name, (file, line) in gems.apart.items():
        if known := DRIVERS.get(name):
            candidate.need(known, "optional", file, f"The gem {name} is for tests and development.", line)


def _add(candidate: Candidate, name: str, file: str, why: str, line: int | None) -> None:
    candidate.need(name, "embedded" if name == "sqlite" else "required", file, why, line)


def _configured(candidate: Candidate, tree: Tree, gems: Gems) -> str:
    """The engine that database.yml names for production, and that a gem can open; empty for none."""
    file = tree.first(CONFIG, "database.yml", "config/database.yml.example", "config/database.yml.sample")
    found = _production(tree, file) if file else None
    if found is None:
        return ""
    name, line = found
    if gems.file and name not in {DRIVERS.get(gem) for gem in gems.needed}:
        candidate.need(name, "optional", file, f"It names {name}, but no gem can open it.", line)
        return ""
    _add(candidate, name, file, f"Production is told to use {name}.", line)
    return name


def _production(tree: Tree, file: str) -> tuple[str, int] | None:
    """The adapter of the production section, its own before the one it takes over from the default."""
    section, inherited, common = "", False, None
    own: tuple[str, int] | None = None
    for number, line in tree.lines(file):
        match = _KEY.match(line)
        if match is None or line.lstrip().startswith("#"):
            continue
        indent, key, value = match[1], match[2], match[3].strip().strip("\"'")
        if not indent:
            section = key
        known = ADAPTERS.get(value.lower()) if key == "adapter" else engine(value) if key == "url" else ""
        if section == "production" and known and own is None:
            own = (known, number)
        elif known and common is None and section != "production":
            common = (known, number)
        if section == "production":
            inherited = True
    return own or (common if inherited or section else None)


def _connected(candidate: Candidate, tree: Tree, gems: Gems, sources: list[str]) -> str:
    """The SQL engine that an address or a call names; empty for none."""
    rivals = {known for name in gems.needed if (known := DRIVERS.get(name)) in _SQL}
    for name, value, file, line in settings(tree):
        known = engine(value)
        if known in rivals and "URL" in name:
            _add(candidate, known, file, f"{name} names {known}.", line)
            return known
    for source in sources:
        if (hit := tree.search(source, _CALLS)) and (known := ADAPTERS[hit[0][1]]) in rivals:
            _add(candidate, known, source, f"It connects to {known}.", hit[1])
            return known
    return "postgres" if len(rivals) > 1 and "postgres" in rivals else ""


def _uses_redis(tree: Tree, gems: Gems) -> bool:
    if gems.first(
        "sidekiq", "resque", "redis-rails", "redis-store", "redis-actionpack", "redis-session-store"
    ):
        return True
    channels = [path for path in tree.ending(".rb") if path.startswith("app/channels/")]
    if any("application_cable" not in path for path in channels) and "redis" in tree.text("config/cable.yml"):
        return True
    places = ["config/environments/production.rb", "config/application.rb"]
    places += [path for path in tree.ending(".rb") if path.startswith("config/initializers/")][:30]
    return any(_USED.search(tree.text(path)) for path in places)
