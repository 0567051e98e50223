"""The environment of a build: what package managers need of ours, and nothing else of it."""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

SYSTEM = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")

_PASSED = re.compile(
    r"(?:PIP|UV|npm_config|NPM_CONFIG)_\w+|(?:HTTPS?|ALL|NO)_PROXY|(?:https?|all|no)_proxy"
    r"|SSL_CERT_(?:FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS|GIT_SSL_CAINFO"
    r"|GOPROXY|GOSUMDB|TZ"
)
"""Where packages come from, by which way, and whom to trust."""

_OURS = re.compile(
    r"(?:PIP|UV)_(?:TARGET|PREFIX|USER|REQUIRE_VIRTUALENV|PYTHON|PROJECT\w*|CACHE_DIR|NO_CACHE\w*)"
)
"""Settings of the person who started Jarvis that would put packages elsewhere."""

_PACKAGES = {
    "bun": "see bun.sh",
    "bundle": "apt install ruby-bundler",
    "cargo": "apt install cargo, or rustup",
    "composer": "apt install composer",
    "go": "apt install golang-go",
    "java": "apt install default-jdk-headless",
    "mvn": "apt install maven",
    "node": "apt install nodejs npm",
    "npm": "apt install nodejs npm",
    "php": "apt install php-cli",
    "pipenv": "apt install pipenv",
    "poetry": "apt install python3-poetry",
    "python3": "apt install python3 python3-venv",
    "ruby": "apt install ruby-full",
    "uv": "pip install uv",
}
"""How a program usually comes to a machine."""


def hint(programs: Sequence[str]) -> str:
    """What to do where `programs` are missing."""
    known = list(dict.fromkeys(_PACKAGES[name] for name in programs if name in _PACKAGES))
    how = f" ({'; '.join(known)})" if known else ""
    return (
        f"Install {'it' if len(programs) == 1 else 'them'} on the machine{how} where Jarvis's PATH leads to, "
        "or hand in what is built already."
    )


def system_path(outside: Mapping[str, str]) -> tuple[str, ...]:
    """The folders of our own PATH, without the environment that Jarvis itself is installed in."""
    own = {str(Path(sys.prefix) / "bin")} if sys.prefix != sys.base_prefix else set[str]()
    folders = [folder for folder in outside.get("PATH", "").split(":") if folder.startswith("/")]
    return tuple(folder for folder in dict.fromkeys([*folders, *SYSTEM]) if folder not in own)


def passed(outside: Mapping[str, str]) -> dict[str, str]:
    """The part of our own environment that a build gets."""
    return {
        name: value
        for name, value in outside.items()
        if _PASSED.fullmatch(name) and not _OURS.fullmatch(name)
    }


def caches(folder: Path) -> dict[str, str]:
    """What tells package managers to keep what they fetched in `folder`, for the next build."""
    names = {
        "PIP_CACHE_DIR": "pip",
        "UV_CACHE_DIR": "uv",
        "POETRY_CACHE_DIR": "poetry",
        "PIPENV_CACHE_DIR": "pipenv",
        "npm_config_cache": "npm",
        "YARN_CACHE_FOLDER": "yarn",
        "COMPOSER_CACHE_DIR": "composer",
        "GOCACHE": "go-build",
        "GOMODCACHE": "go-mod",
    }
    return {name: str(folder / part) for name, part in names.items()}


QUIET = {
    "LANG": "C.UTF-8",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PIP_ROOT_USER_ACTION": "ignore",
    "PYTHONUNBUFFERED": "1",
    "UV_LINK_MODE": "copy",  # a link into the cache would let one app change what another one is built from
    "GOFLAGS": "-modcacherw",  # a cache that cannot be deleted is none
    "npm_config_fund": "false",
    "npm_config_update_notifier": "false",
}
"""No questions, no advertisement, and every line as soon as it is said."""
