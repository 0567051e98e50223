"""Jekyll: finished pages from posts and layouts, as GitHub Pages makes them."""

import re

from jarvis.analysis.below import seek
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.ruby.frameworks import JEKYLL
from jarvis.analysis.ruby.gemfile import LOCKS, gems, version
from jarvis.analysis.support import end_of_life
from jarvis.analysis.tree import Tree

CONFIGS = ("_config.yml", "_config.yaml", "_config.toml")
FOLDERS = ("_posts", "_layouts", "_includes", "_sass", "_data", "_drafts", "_pages", "_plugins")
PAGES = ("index.md", "index.markdown", "index.html")

_FRONT = re.compile(r"\A---[ \t]*\n")
_DESTINATION = re.compile(r"^destination\s*[:=]\s*[\"']?([\w./-]+)", re.MULTILINE)
_THEME = re.compile(r"^theme\s*:\s*[\"']?([\w.-]+)", re.MULTILINE)
_LISTED = re.compile(r"^[ \t]*-\s*[\"']?(jekyll[\w-]*)[\"']?[ \t]*$", re.MULTILINE)


def detect(tree: Tree) -> Candidate | None:
    """A site made with Jekyll."""
    if here := _detect(tree):
        return here
    folders = [path.rpartition("/")[0] for path in tree.named(*CONFIGS, depth=2) if "/" in path]
    found = [seek(tree, folder, _detect) for folder in dict.fromkeys(folders[:3])]
    return max(filter(None, found), key=lambda item: item.confidence, default=None)


def _detect(tree: Tree) -> Candidate | None:
    said = gems(tree)
    gem = said.first(*JEKYLL) or next((name for name in JEKYLL if name in said.apart), "")
    config = tree.first(*CONFIGS)
    sure = _confidence(tree, config, gem)
    if not sure or said.first("rails", "sinatra", "middleman", "bridgetown"):
        return None
    file, line = (said.needed | said.apart)[gem] if gem else (config, None)
    candidate = Candidate("static", "ruby", sure)
    candidate.because("language", file, "Jekyll is written in Ruby.", line)
    candidate.because("kind", file, "Jekyll makes finished pages.", line)
    claim(candidate, file, "It is made with Jekyll.", line, framework="jekyll")
    candidate.dependencies.update(said.needed | said.apart)
    if gem:
        claim(candidate, said.file or file, "Bundler fetches what it names.", package_manager="bundler")
        claim(candidate, file, "It fetches the gems.", line, install_command="bundle install")
        claim(candidate, file, "Jekyll makes the pages.", line, build_command="bundle exec jekyll build")
        if said.file and not tree.first(*LOCKS):
            why = "Run `bundle lock` and add Gemfile.lock, or every build may take other versions."
            candidate.find("missing-lock-file", "warning", said.file, why)
    else:
        theme = tree.search(config, _THEME)
        names = ["jekyll", *([theme[0][1]] if theme else []), *_LISTED.findall(tree.text(config))]
        install = f"gem install {' '.join(dict.fromkeys(names))}"
        claim(candidate, config, "Jekyll, and what its settings name.", install_command=install)
        claim(candidate, config, "Jekyll makes the pages.", build_command="jekyll build")
    hit = tree.search(config, _DESTINATION) if config else None
    folder = hit[0][1].strip("./") if hit else "_site"
    shown, at = (config, hit[1]) if hit else (file, line)
    claim(candidate, shown, "Where Jekyll puts the pages.", at, static_dir=folder)
    if stated := version(tree):
        claim(candidate, stated[1], "It states the version.", stated[2], language_version=stated[0])
        if ended := end_of_life("ruby", stated[0]):
            why = f"Ruby {stated[0]} has had no fixes since {ended}."
            candidate.find("end-of-life", "warning", stated[1], why, stated[2])
    return candidate


def _confidence(tree: Tree, config: str, gem: str) -> float:
    """How sure it is; 0 when it is something else that calls its settings the same."""
    if tree.first("_toc.yml") or '"hexo"' in tree.text("package.json") or "scaffolds" in tree.folders:
        return 0.0
    mine = sum(folder in tree.folders for folder in FOLDERS)
    page = tree.first(*PAGES)
    written = bool(page) and bool(tree.search(page, _FRONT))
    if gem and (config or mine or written):
        return 0.97
    if config and mine and (written or mine > 1 or not page):
        return 0.95
    if config and (mine or written):
        return 0.9
    if config and (tree.search(config, _THEME) or "plugins:" in tree.text(config)):
        return 0.7
    return 0.0
