"""What the scripts of a package really run, through all the ways to call one from another."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

DEEP = 6
"""Scripts that call scripts are followed this far."""
MOST = 60
"""Commands that are looked at."""

MANAGERS = frozenset({"npm", "yarn", "pnpm", "bun"})
_SEPARATORS = frozenset({"&&", "||", ";", "&", "|", ";;", "|&", "(", ")", "$"})
_ALL = frozenset({"run-s", "run-p", "npm-run-all", "npm-run-all2"})
_WRAPPERS = frozenset({
    "npx", "bunx", "pnpx", "cross-env", "cross-env-shell", "env", "exec", "dotenv", "dotenvx", "env-cmd",
    "nice", "nohup", "sudo", "time", "infisical", "doppler", "op", "heroku-local", "with-env", "dotenv-flow",
    "wait-on", "start-server-and-test", "node-env-run", "dumb-init", "tini", "command",
})  # fmt: skip
_VALUED = frozenset({
    "-r", "--require", "--loader", "--experimental-loader", "--import", "-P", "--project", "--env-file", "-e",
    "--ext", "-w", "--watch-path", "-i", "--ignore", "--config", "-c", "-O", "--compiler-options", "--name",
    "-n", "-f", "-C", "--conditions", "-x", "--exec", "--tsconfig", "--delay", "-d", "--instances",
})  # fmt: skip
"""Flags of programs that start a file, which take the next word."""
_RUNNERS = frozenset({
    "node", "nodejs", "nodemon", "ts-node", "ts-node-esm", "ts-node-dev", "tsnd", "tsx", "bun", "babel-node",
    "pm2", "pm2-runtime", "pm2-dev", "forever", "supervisor", "node-dev", "esno", "jiti", "swc-node",
    "vite-node", "esr", "iojs", "node-supervisor", "c8", "pkgroll", "0x", "deno", "always", "newrelic", "slc",
})  # fmt: skip
_VERBS = frozenset({"start", "run", "watch", "serve", "restart", "launch", "startOrRestart"})


@dataclass(frozen=True, slots=True)
class Command:
    """One program call.

    Attributes:
        tool: The program, without its folder: `node`, `vite`.
        arguments: What follows.
        folder: Where it runs when it was told to go somewhere else.
        member: The package of the workspace that it was sent to.
        script: The script that is called there, or by a tool that runs it in every package.
    """

    tool: str
    arguments: tuple[str, ...] = ()
    folder: str = ""
    member: str = ""
    script: str = ""

    def option(self, *names: str) -> str:
        """The value of the first of the options that is given, as `--out x` or `--out=x`; empty for none."""
        for at, word in enumerate(self.arguments):
            for name in names:
                if word == name and at + 1 < len(self.arguments):
                    return self.arguments[at + 1]
                if word.startswith(name + "="):
                    return word[len(name) + 1 :]
        return ""

    @property
    def entry(self) -> str:
        """The file that a runner such as node is told to run; empty for another program."""
        if self.tool not in _RUNNERS:
            return ""
        skip = False
        for word in self.arguments:
            if skip:
                skip = False
            elif word.startswith("-"):
                if word in ("-e", "-p", "--eval", "--print") and self.tool in ("node", "bun"):
                    return ""
                skip = word in _VALUED
            elif word not in _VERBS and word not in _RUNNERS:
                return word.removeprefix("./") or "."
        return ""


def commands(scripts: Mapping[str, str], name: str) -> list[Command]:
    """The programs that a script runs, scripts that it calls already followed."""
    return _parse(scripts, scripts.get(name, ""), (name,))[:MOST]


def _parse(scripts: Mapping[str, str], line: str, called: tuple[str, ...]) -> list[Command]:
    found: list[Command] = []
    folder = ""
    for words in _split(line):
        plain = _unwrap(words)
        if not plain:
            continue
        if plain[0] in ("cd", "pushd") and len(plain) > 1:
            folder = plain[1].removeprefix("./").rstrip("/")
            continue
        ran = _call(scripts, plain, called, at_home=not folder)
        found += [replace(item, folder=item.folder or folder) for item in ran]
        if len(found) > MOST:
            break
    return found


def _split(line: str) -> list[list[str]]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="&|;()")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        words = list(lexer)
    except ValueError:  # a quote that is never closed
        words = line.split()
    parts: list[list[str]] = [[]]
    for word in words:
        if word in _SEPARATORS:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def _unwrap(words: Sequence[str]) -> list[str]:
    """Without variables before it, and without programs whose only task is to start another one."""
    rest = list(words)
    while rest:
        word = rest[0]
        name = word.rpartition("/")[2]
        if re.fullmatch(r"[A-Za-z_]\w*=.*", word) or word in ("", "{", "}"):
            rest.pop(0)
        elif name in _WRAPPERS or (name in MANAGERS and rest[1:2] in (["exec"], ["dlx"], ["x"])):
            rest = rest[1:] if name in _WRAPPERS else rest[2:]
            if "--" in rest[:6] and name not in ("cross-env", "cross-env-shell"):
                rest = rest[rest.index("--") + 1 :]
            while rest and rest[0].startswith("-"):
                flag = rest.pop(0)
                if flag in ("-e", "-f", "-c", "--file", "-p", "--package") and len(rest) > 1:
                    rest.pop(0)
        elif word in ("bunx", "--bun"):
            rest.pop(0)
        else:
            rest[0] = name.removesuffix(".cmd") if "/.bin/" in f"/{word}" else word
            return rest
    return []


def _call(
    scripts: Mapping[str, str], words: list[str], called: tuple[str, ...], at_home: bool
) -> list[Command]:
    tool, arguments = words[0], words[1:]
    if tool in MANAGERS:
        return _managed(scripts, tool, arguments, called, at_home)
    names: list[str] = []
    lines: list[str] = []
    if tool in _ALL:
        names = [word for word in arguments if not word.startswith("-")]
    elif tool == "concurrently":
        for word in arguments:
            prefix, colon, rest = word.partition(":")
            if colon and prefix in MANAGERS:
                names.append(rest)
            elif " " in word or word in scripts:
                lines.append(word)
    if not names and not lines:
        return [Command(tool, tuple(arguments), "", *_sent(tool, arguments))]
    found: list[Command] = []
    for name in names:
        for wanted in [key for key in scripts if name.endswith("*") and key.startswith(name[:-1])] or [name]:
            found += _follow(scripts, wanted, called)
    for line in lines:
        found += _parse(scripts, line, called)
    return found


def _managed(
    scripts: Mapping[str, str], tool: str, arguments: list[str], called: tuple[str, ...], at_home: bool
) -> list[Command]:
    """A call of a package manager: of a script here, of one elsewhere, or of a program."""
    whole = Command(tool, tuple(arguments))
    folder = whole.option("--prefix", "--cwd", "--dir") or (whole.option("-C") if tool == "pnpm" else "")
    member = whole.option("--workspace", "--filter", "-F") or (whole.option("-w") if tool == "npm" else "")
    plain = [word for word in _free(tool, arguments) if not word.startswith("-")]
    if plain[:1] == ["workspace"] and len(plain) > 2:
        member, plain = plain[1], plain[2:]
    elif plain[:1] == ["workspaces"]:
        member, plain = "*", plain[plain.index("run") :] if "run" in plain else plain[1:]
    if {"-r", "--recursive", "--workspaces", "-ws"} & set(arguments):
        member = member or "*"
    if plain[:1] in (["run"], ["run-script"]):
        plain = plain[1:]
    script = plain[0] if plain else ""
    if folder or member:
        return [Command(tool, tuple(arguments), folder.removeprefix("./").rstrip("/"), member, script)]
    if not at_home:
        return [Command(tool, tuple(arguments), "", "", script)]
    if script in scripts:
        return _follow(scripts, script, called)
    if tool == "bun" and re.search(r"\.[cm]?[jt]sx?$", script):
        return [Command("bun", tuple(word for word in arguments if word != "run"))]
    if tool in ("yarn", "pnpm", "bun") and script and arguments[:1] != ["run-script"]:
        at = arguments.index(script)
        return [Command(script, tuple(arguments[at + 1 :]), "", *_sent(script, arguments[at + 1 :]))]
    return [whole]


def _free(tool: str, arguments: list[str]) -> list[str]:
    """Without the values of options."""
    valued = [
        "--prefix",
        "--cwd",
        "--dir",
        "--workspace",
        "--filter",
        "-F",
        "-C",
        *(["-w"] if tool == "npm" else []),
    ]
    return [word for at, word in enumerate(arguments) if not (at and arguments[at - 1] in valued)]


def _sent(tool: str, arguments: Sequence[str]) -> tuple[str, str]:
    """The member of the workspace and the script, for tools that run scripts in many packages."""
    whole = Command(tool, tuple(arguments))
    plain = [word for word in arguments if not word.startswith("-")]
    if tool == "turbo" and plain:
        tasks = [word for word in plain if word != "run"] or [""]
        return whole.option("--filter", "-F") or "*", tasks[0].rpartition("#")[2]
    if tool == "lerna" and "run" in plain:
        return whole.option("--scope") or "*", plain[plain.index("run") + 1] if plain[-1] != "run" else ""
    if tool == "nx" and plain:
        if plain[0] == "run" and len(plain) > 1:
            member, _, script = plain[1].partition(":")
            return member, script.partition(":")[0]
        if plain[0] == "run-many":
            return whole.option("--projects", "-p") or "*", whole.option("--target", "-t", "--targets")
        if len(plain) > 1:
            return plain[1], plain[0]
        return "*", plain[0]
    return "", ""


def _follow(scripts: Mapping[str, str], name: str, called: tuple[str, ...]) -> list[Command]:
    if name in called or len(called) >= DEEP or name not in scripts:
        return []
    return _parse(scripts, scripts[name], (*called, name))
