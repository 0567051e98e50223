"""What only Rails has: pages made before the start, settings for production, a path for its health."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.evidence import Variable
from jarvis.analysis.ruby.gemfile import Gems
from jarvis.analysis.tree import Tree

_HEALTH = re.compile(
    r"^[ \t]*get[ \t]{0,9}\(?\s{0,9}[\"']/?([\w/-]+)[\"']\s*(?:=>|,\s*to:)\s*[\"']rails/health#show",
    re.MULTILINE,
)
_API = re.compile(r"^[ \t]*config\.api_only\s*=\s*true", re.MULTILINE)
_PIPELINE = (
    "sprockets-rails", "sprockets", "propshaft", "importmap-rails", "webpacker", "shakapacker", "vite_rails",
    "jsbundling-rails", "cssbundling-rails", "sass-rails", "tailwindcss-rails", "dartsass-rails",
    "coffee-rails",
    "uglifier",
)  # fmt: skip
_CREDENTIALS = "config/credentials.yml.enc"
_PACKAGES = (
    ("yarn.lock", "yarn install --frozen-lockfile"),
    ("pnpm-lock.yaml", "pnpm install --frozen-lockfile"),
    ("bun.lock", "bun install --frozen-lockfile"),
    ("bun.lockb", "bun install --frozen-lockfile"),
    ("package-lock.json", "npm ci"),
)


def fill(candidate: Candidate, tree: Tree, gems: Gems) -> None:
    """Fill in what builds the pages, the variables of production, and the health path."""
    shown = tree.first("config/application.rb", "config.ru", "bin/rails", "script/rails") or gems.file
    gem = gems.first(*_PIPELINE)
    old = "app/assets/config/manifest.js" if "app/assets/config/manifest.js" in tree else ""
    if (gem or old) and not tree.search("config/application.rb", _API):
        command = "RAILS_ENV=production SECRET_KEY_BASE_DUMMY=1 bundle exec rails assets:precompile"
        if install := next((line for lock, line in _PACKAGES if lock in tree and "package.json" in tree), ""):
            command = f"{install} && {command}"
        file, line = gems.needed[gem] if gem else (old, None)
        claim(candidate, file, "Styles and scripts are made before the start.", line, build_command=command)
    candidate.environment.append(Variable("RAILS_ENV", False, False, "production", shown, None))
    secret = "RAILS_MASTER_KEY" if _CREDENTIALS in tree else "SECRET_KEY_BASE"
    candidate.environment.append(
        Variable(secret, True, True, None, _CREDENTIALS if _CREDENTIALS in tree else shown, None)
    )
    if hit := tree.search("config/routes.rb", _HEALTH):
        why = "Rails answers there while it is well."
        claim(candidate, "config/routes.rb", why, hit[1], health_path="/" + hit[0][1])
