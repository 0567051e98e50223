"""Files that give something away by being there, and settings files with values in them."""

import re
from collections.abc import Iterator

from jarvis.analysis.evidence import Finding
from jarvis.analysis.secrecy import is_secret
from jarvis.analysis.secrets.dummies import is_drawn, is_placeholder, is_weak
from jarvis.analysis.secrets.holders import ANY, HOLDERS
from jarvis.analysis.tree import Tree

_ORDINARY = frozenset(
    {
        ".py", ".pyc", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".vue", ".svelte", ".go", ".rs", ".rb",
        ".php", ".java", ".kt", ".cs", ".c", ".h", ".cpp", ".swift", ".dart", ".ex", ".exs", ".html",
        ".htm", ".css", ".scss", ".less", ".md", ".mdx", ".rst", ".svg", ".png", ".jpg", ".jpeg", ".gif",
        ".webp", ".ico", ".woff", ".woff2", ".ttf", ".map", ".lock", ".mp4", ".mp3", ".pdf", ".erb",
        ".scala", ".clj", ".lua", ".proto", ".csv",
    }
)  # fmt: skip
"""Endings of files whose names give nothing away; most files have one of these."""
BIG_DUMP = 512 * 1024
"""Bytes from which on SQL is somebody's data rather than a schema."""

_SMALLEST_KEY = 60
"""Bytes of a file named like a key that is taken for one whatever it holds."""
_PAGE = 4096
"""Bytes of a SQLite file with at least one table."""
_LONGEST = 4000
"""Signs of a line of settings that is looked at."""

_ENV = re.compile(r"(?:^|.*\.)env(?:\.[\w-]+)*$|^\.env[\w.-]*$|^env\.(?:list|production|prod|local)$")
_SAMPLE = re.compile(
    r"(?:^|[._-])(?:example|sample|template|tpl|dist|defaults?|schema|test|testing|ci|stub|skel|vault|enc|encrypted|d\.ts"
    r"|js|ts|py|rb|php|go|md|json|j2|erb)(?:[._-]|$)"
)
_LINE = re.compile(r"^[ \t]*(?:export\s+)?([A-Za-z_][\w.]*)\s*[=:]\s*(.*?)\s*$")
_IN_ADDRESS = re.compile(r"^[\w+]+://([^:@/]*):([^@/]+)@([^/:?]*)")
_SSH = re.compile(r"id_(?:rsa|dsa|ecdsa|ed25519)(?:_[\w-]+)?$|.*_rsa$|.*_ed25519$|ssh_host_\w+_key$")
_BARE = re.compile(r"[0-9A-Fa-f]{32,128}|[A-Za-z0-9+/]{43,88}={0,2}")
_STORES = (".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk", ".agekey")
_DATABASES = (".sqlite", ".sqlite3", ".db3", ".mdb", ".accdb", ".rdb", ".dump", ".bak")
_DUMP = re.compile(
    r"^[ \t]*(?:INSERT\s+INTO|COPY\s+\S+\s*(?:\([^)]{0,2000}\)\s*)?FROM\s+stdin)",
    re.IGNORECASE | re.MULTILINE,
)
_DUMP_NAME = re.compile(r"(?:dump|backup|export|snapshot|prod|production|live)", re.IGNORECASE)


def findings(tree: Tree) -> Iterator[Finding]:
    """What the names tell; of a few files the contents are looked at, too."""
    for path, size in tree.sizes.items():
        name = path[path.rfind("/") + 1 :].lower()
        suffix = name[name.rfind(".") :] if "." in name else ""
        if suffix in _ORDINARY or not size or path in tree.links:
            continue
        found = _by_name(tree, path, name, suffix)
        if found is not None:
            yield found
    yield from _folders(tree)
    yield from _modes(tree)


def _by_name(tree: Tree, path: str, name: str, suffix: str) -> Finding | None:
    size = tree.sizes[path]
    if _SSH.match(name) and suffix != ".pub" and (size > _SMALLEST_KEY or _is_key(tree.text(path))):
        return _key(path, "A private key for logging in to machines. Leave it out, and make a new one.")
    if suffix in _STORES:
        return _key(path, "A store of private keys. Leave it out, and hand it over as a secret.")
    if suffix in (".key", ".pem") and _is_key(tree.text(path)):
        return _key(path, "A private key. Leave it out, and hand it over as a secret.")
    if ".tfstate" in name:
        why = "The state of Terraform holds secrets in plain text. Leave it out."
        return Finding("terraform-state", "danger", path, None, why)
    if suffix in _DATABASES or (suffix == ".db" and size >= _PAGE and name != "thumbs.db"):
        why = "A database with its data. Leave it out: it would be published, and put back at every deploy."
        return Finding("database-file", "warning", path, None, why)
    if suffix == ".sql" or name.endswith(".sql.gz"):
        return _dump(tree, path, name, size)
    if "env" in name and _ENV.match(name) and not _SAMPLE.search(name.replace("env", "", 1)):
        return _settings(tree, path, name)
    return _held(tree, path)


def _key(path: str, why: str) -> Finding:
    return Finding("key-file", "danger", path, None, why)


def _is_key(text: str) -> bool:
    return "PRIVATE KEY" in text or (len(text) < 200 and _BARE.fullmatch(text.strip()) is not None)


def _dump(tree: Tree, path: str, name: str, size: int) -> Finding | None:
    data = size >= BIG_DUMP or name.endswith(".gz")
    if not data and _DUMP_NAME.search(name):
        data = _DUMP.search(tree.text(path)) is not None
    if not data:
        return None
    return Finding(
        "database-dump", "warning", path, None, "A dump of a database with its data. Leave it out."
    )


def _settings(tree: Tree, path: str, name: str) -> Finding | None:
    """A file of settings: dangerous with a secret in it, worth a word with anything in it."""
    values = 0
    for number, line in tree.lines(path):
        match = _LINE.match(line) if len(line) < _LONGEST else None
        if match is None or not match[2] or line.lstrip().startswith("#"):
            continue
        value = match[2].split(" #", 1)[0].strip().strip("\"'")
        values += 1
        if _gives_away(match[1], value):
            mild = "dev" in name
            why = f"{match[1]} has its value here. Change it, leave the file out, and set it as a secret."
            return Finding("env-file", "warning" if mild else "danger", path, number, why)
    if not values:
        return None
    return Finding(
        "env-file",
        "note",
        path,
        None,
        "Settings in a file. They stay the same everywhere; set them as variables of the service.",
    )


def _gives_away(name: str, value: str) -> bool:
    inside = _IN_ADDRESS.match(value)
    if inside is None and "://" in value:
        return False
    if inside:
        local = "." not in inside[3] or inside[3].startswith("127.")
        return not is_weak(inside[2], inside[1]) and (not local or is_drawn(inside[2]))
    if not is_secret(name) or value.startswith(("/", "./")) or (value.isdecimal() and len(value) < 6):
        return False
    return not is_weak(value)


def _held(tree: Tree, path: str) -> Finding | None:
    low = path.lower()
    if ANY.search(low) is None or _SAMPLE.search(low.removesuffix(".json")):
        return None
    for holder in HOLDERS:
        if not holder.name.search(low):
            continue
        found = tree.search(path, holder.login)
        if found and not is_placeholder(found[0][1]) and not is_weak(found[0][1]):
            why = f"{holder.what}. Leave the file out, and revoke what is in it."
            return Finding(holder.rule, "danger", path, found[1], why)
    return None


def _folders(tree: Tree) -> Iterator[Finding]:
    """Folders that tools fill and that were handed in all the same."""
    for path in tree.others:
        name = path.rpartition("/")[2]
        if name in (".git", ".hg", ".svn"):
            why = f"All that was ever in the sources, and removed since. Write {name}/ into .jarvisignore."
            yield Finding("history", "warning", path, None, why)
    heavy = [
        path
        for path in tree.others
        if path.rpartition("/")[2] in ("node_modules", "bower_components", ".venv", "venv")
    ]
    if heavy:
        name = heavy[0].rpartition("/")[2]
        why = (
            f"Installed packages were handed in. The build fetches its own; write {name}/ into .jarvisignore."
        )
        yield Finding("installed-packages", "note", heavy[0], None, why)


def _modes(tree: Tree) -> Iterator[Finding]:
    loose = [path for path, mode in tree.modes.items() if mode & 0o002 and path not in tree.links]
    if loose:
        count = "One file" if len(loose) == 1 else f"{len(loose)} files"
        why = f"{count} may be changed by every user of the machine. Take that away with chmod -R o-w."
        yield Finding("world-writable", "warning", min(loose), None, why)
