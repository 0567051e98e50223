"""Which package manager a project is installed with, and by which command."""

import re
from dataclasses import dataclass

from jarvis.analysis.node.config import Fact
from jarvis.analysis.node.manifest import Manifest
from jarvis.analysis.node.script import MANAGERS
from jarvis.analysis.node.values import dig, mapping, text
from jarvis.analysis.tree import Tree

LOCKS = {
    "pnpm-lock.yaml": "pnpm", "pnpm-lock.yml": "pnpm", "bun.lock": "bun", "bun.lockb": "bun",
    "yarn.lock": "yarn", "package-lock.json": "npm", "npm-shrinkwrap.json": "npm",
}  # fmt: skip
"""Lock file → its maker. The later ones are left behind by accident more often."""
_SETTINGS = {
    "pnpm-workspace.yaml": "pnpm", ".pnpmfile.cjs": "pnpm", "pnpmfile.js": "pnpm", "package.json5": "pnpm",
    "package.yaml": "pnpm", ".yarnrc.yml": "yarn", ".yarnrc": "yarn", ".pnp.cjs": "yarn", ".pnp.js": "yarn",
    "bunfig.toml": "bun",
}  # fmt: skip
_ONLY = re.compile(r"\bonly-allow\s+(pnpm|yarn|bun|npm)\b")
_CALL = re.compile(r"(?:^|&&|\|\||;|\s|\")(yarn|pnpm|bun)\s+(?!add\b|upgrade|dlx\b|x\b|create\b)[\w:@./-]+")
_DEPLOYED = (
    "start", "build", "dev", "serve", "preinstall", "postinstall", "prepare", "prebuild", "prestart",
    "deploy", "heroku-postbuild", "vercel-build", "test",
)  # fmt: skip
"""Scripts that tell how the project is worked with every day."""


@dataclass(frozen=True, slots=True)
class Manager:
    """A package manager: why it is believed, its lock file if there is one, and the version asked for."""

    name: str
    fact: Fact
    lock: str = ""
    version: str = ""
    modern: bool = False

    @property
    def install(self) -> str:
        """The command that installs what the lock file says, or what the manifest says without one."""
        if self.name == "npm":
            return "npm ci" if self.lock else "npm install"
        if self.name == "yarn" and self.lock:
            return "yarn install --immutable" if self.modern else "yarn install --frozen-lockfile"
        return f"{self.name} install" + (" --frozen-lockfile" if self.lock else "")

    def run(self, script: str) -> str:
        """The command for a script of the manifest."""
        return f"{self.name} run {script}"

    def execute(self, words: str) -> str:
        """The command for a program that was installed with the dependencies."""
        before = {"npm": "npx", "pnpm": "pnpm exec", "yarn": "yarn", "bun": "bunx"}[self.name]
        return f"{before} {words}"


def choose(tree: Tree, manifest: Manifest | None) -> Manager:
    """The package manager of the folder; npm when nothing says otherwise."""
    stated = (manifest and (_stated(manifest) or _engines(manifest))) or None
    locks = [file for file in LOCKS if file in tree]
    if stated is None and len({LOCKS[file] for file in locks}) > 1 and manifest:
        named = _scripts(manifest)
        stated = named if named and named.value in {LOCKS[file] for file in locks} else None
    if stated is None and locks:
        stated = Fact(LOCKS[locks[0]], locks[0], "Its lock file is there.")
    if stated is None:
        file = tree.first(*_SETTINGS)
        stated = Fact(_SETTINGS[file], file, "Its settings are there.") if file else None
    if stated is None and manifest:
        stated = _scripts(manifest)
    if stated is None:
        file = manifest.file if manifest else next(iter(tree.files), "")
        stated = Fact("npm", file, "Nothing names another package manager.")
    name = stated.value
    version = _version(manifest, name) if manifest else ""
    lock = next((file for file in locks if LOCKS[file] == name), "")
    return Manager(name, stated, lock, version, _modern(tree, name, version, lock))


def locks(tree: Tree) -> list[str]:
    """The lock files at the top that belong to different package managers, one of each."""
    found: dict[str, str] = {}
    for file, name in LOCKS.items():
        if file in tree:
            found.setdefault(name, file)
    return list(found.values())


def _stated(manifest: Manifest) -> Fact | None:
    name = text(manifest.data.get("packageManager")).partition("@")[0]
    if name in MANAGERS:
        return Fact(name, manifest.file, "packageManager names it.", manifest.line("packageManager"))
    name = text(dig(manifest.data, "devEngines", "packageManager", "name"))
    if name in MANAGERS:
        return Fact(
            name, manifest.file, "devEngines names it.", manifest.line("devEngines", "packageManager")
        )
    for script in ("preinstall", "prepare", "postinstall"):
        if match := _ONLY.search(manifest.scripts.get(script, "")):
            why = f"The script {script} refuses every other one."
            return Fact(match[1], manifest.file, why, manifest.line("scripts", script))
    return None


def _engines(manifest: Manifest) -> Fact | None:
    """The one among engines that is asked for, when the lock files do not contradict."""
    ranges = mapping(manifest.data.get("engines"))
    asked = [name for name in ("pnpm", "yarn", "bun") if re.search(r"\d|^\*$|latest", text(ranges.get(name)))]
    if len(asked) != 1 or re.search(r"(?i)\bnot?\b|use|^0\.0|<\s*0", text(ranges.get(asked[0]))):
        return None
    present = {LOCKS[file] for file in LOCKS if file in manifest.tree}
    if present and asked[0] not in present:
        return None
    return Fact(asked[0], manifest.file, "engines asks for it.", manifest.line("engines", asked[0]))


def _scripts(manifest: Manifest) -> Fact | None:
    """The one that the scripts call, when they call only one."""
    found: dict[str, str] = {}
    for script in _DEPLOYED:
        for name in _CALL.findall(manifest.scripts.get(script, "")):
            found.setdefault(name, script)
    if len(found) != 1:
        return None
    name, script = next(iter(found.items()))
    if name == "bun" and not manifest.has("@types/bun", "bun-types"):
        return None  # bun also runs scripts of projects that are installed otherwise
    return Fact(name, manifest.file, f"The script {script} calls it.", manifest.line("scripts", script))


def _version(manifest: Manifest, name: str) -> str:
    stated, _, version = text(manifest.data.get("packageManager")).partition("@")
    if stated == name and version:
        return version.partition("+")[0]
    for section in ("engines", "volta"):
        if found := text(dig(manifest.data, section, name)):
            return found
    return ""


def _modern(tree: Tree, name: str, version: str, lock: str) -> bool:
    """Is it a yarn of version 2 or later? Its options have other names."""
    if name != "yarn":
        return False
    if version and (match := re.search(r"\d+", version)):
        return int(match[0]) >= 2
    return ".yarnrc.yml" in tree or (bool(lock) and "\n__metadata:" in f"\n{tree.text(lock)}")
