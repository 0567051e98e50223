"""Generators of finished pages that are written in Ruby, except Jekyll."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.ruby.frameworks import GENERATORS
from jarvis.analysis.ruby.gemfile import Gems
from jarvis.analysis.tree import Tree

_FOLDERS = (
    (
        "config.rb",
        re.compile(r"^[ \t]*set[ \t]{0,9}\(?\s{0,9}:build_dir,\s*[\"']([\w./-]+)[\"']", re.MULTILINE),
    ),
    ("nanoc.yaml", re.compile(r"^output_dir:\s*[\"']?([\w./-]+)", re.MULTILINE)),
    ("bridgetown.config.yml", re.compile(r"^destination:\s*[\"']?([\w./-]+)", re.MULTILINE)),
)


def fill(candidate: Candidate, tree: Tree, said: Gems) -> bool:
    """Fill in the generator of `said`; False when it has none."""
    row = next((row for row in GENERATORS if row[0] in said.needed), None)
    if row is None or said.first("rails", "sinatra"):
        return False
    gem, name, command, folder = row
    file, line = said.needed[gem]
    claim(candidate, file, f"{name} makes finished pages.", line, kind="static", framework=name)
    claim(candidate, file, "It makes the pages.", line, build_command=f"bundle exec {command}")
    where: tuple[str, int | None] = (file, line)
    for config, pattern in _FOLDERS:
        if hit := tree.search(config, pattern):
            folder, where = hit[0][1].removeprefix("./"), (config, hit[1])
    claim(candidate, where[0], "Where the pages are put.", where[1], static_dir=folder)
    candidate.confidence = 0.97
    return True
