"""PHP, served by FrankenPHP: PHP and Caddy in one program."""

import re

from jarvis.builds.docker import caddyfile
from jarvis.builds.docker.instruction import PLAIN_PATH
from jarvis.builds.project import Project
from jarvis.builds.stacks import node
from jarvis.builds.stacks.stack import APP, Local, Stack, Tool
from jarvis.builds.stacks.version import Shelf, choose

SHELF = Shelf(language="PHP", versions=("8.2", "8.3", "8.4", "8.5"), usual="8.4")
COMPOSER = Tool("composer", "composer:2.10", (("/usr/bin/composer", "/usr/local/bin/composer"),))
CADDYFILE = "/etc/frankenphp/Caddyfile"
RAW = "/tmp/frankenphp"  # noqa: S108  # a path in the image, gone in the same step

SERVERS = re.compile(r"^$|^php -S |^php artisan serve|^symfony |apache2|nginx|php-fpm|^frankenphp ")
"""Start commands that only mean: serve the pages. Any other is a server of its own, for example Octane."""

ROOT = re.compile(r"(?:-t|--root|--docroot|-r|apache2|nginx)[ =]+(\S+)")
FOLDERS = ("public", "web", "htdocs", "public_html", "www", "webroot", "docroot", "html")
IN_PUBLIC = frozenset({"laravel", "symfony", "slim", "codeigniter", "yii"})

EXTENSIONS = {
    "mysql": ("pdo_mysql", "mysqli"),
    "postgres": ("pdo_pgsql", "pgsql"),
    "mongodb": ("mongodb",),
    "redis": ("redis",),
}
USUAL = ("intl", "opcache", "zip")
OF_FRAMEWORK = {
    "laravel": ("bcmath", "exif", "gd", "pcntl"),
    "wordpress": ("exif", "gd", "mysqli"),
    "drupal": ("gd", "pdo_mysql"),
}


def fits(project: Project) -> bool:
    """A project of PHP."""
    return project.language == "php"


def stack(project: Project) -> Stack:
    """Build and run share an image, because Composer looks at the extensions that are there."""
    choice = choose(SHELF, project.language_version)
    image = f"dunglas/frankenphp:1-php{choice.version}-bookworm"
    serves = project.kind == "web" and bool(SERVERS.search(project.start_command))
    root = document_root(project)
    extend = f"install-php-extensions {' '.join(_extensions(project))}"
    install = project.install_command
    composer = install.startswith("composer install")
    return Stack(
        name="php",
        version=choice.version,
        build_image=image if project.builds else "",
        run_image=image,
        tools=(*((COMPOSER,) if project.says("composer") else ()), *node.tools(project)),
        packages=("git", "unzip") if project.says("composer") else (),
        base=(extend, f"cp {PROGRAM} {RAW} && mv {RAW} {PROGRAM}"),
        manifests=("composer.json", "composer.lock*"),
        early=f"{install} --no-scripts --no-autoloader" if composer else "",
        install=install,
        build=project.build_command,
        caches=("/root/.composer/cache",),
        build_environment={"COMPOSER_ALLOW_SUPERUSER": "1", "COMPOSER_CACHE_DIR": "/root/.composer/cache"},
        run_environment={"DOCUMENT_ROOT": f"{APP}/{root}".rstrip("/."), **XDG} if serves else {},
        files={CADDYFILE: caddyfile.php()} if serves else {},
        start=f"frankenphp run --config {CADDYFILE} --adapter caddyfile" if serves else project.start_command,
        port=8080 if serves else None,
        ignored=("vendor",) if composer else (),
        notes=(*choice.notes, *_notes(project, root, serves=serves)),
        local=Local(
            programs=("php", "composer") if composer else ("php",),
            run_environment={"PHP_CLI_SERVER_WORKERS": "4"} if serves else {},
            start=f'php -S "${{HOST:-127.0.0.1}}:$PORT" -t {root}' if serves else project.start_command,
        ),
    )


PROGRAM = "/usr/local/bin/frankenphp"
"""Copied once: a copy has lost the right to low ports, with which it could not start without privileges."""

XDG = {"XDG_CONFIG_HOME": "/tmp", "XDG_DATA_HOME": "/tmp"}  # noqa: S108  # paths in the image


def document_root(project: Project) -> str:
    """The folder whose pages are served, as far as it can be told; `.` for the project's own."""
    found = ROOT.search(project.start_command)
    named = found[1].strip("'\"").removeprefix("./").rstrip("/") if found else ""
    if found and named in {"", "."}:
        return "."
    if named and PLAIN_PATH.fullmatch(named) and ".." not in named:
        return named
    for folder in FOLDERS:
        if project.has(f"{folder}/index.php"):
            return folder
    if project.has("index.php") or project.framework not in IN_PUBLIC:
        return "."
    return "public"


def _extensions(project: Project) -> list[str]:
    wanted = [*USUAL, *OF_FRAMEWORK.get(project.framework, ())]
    for engine, names in EXTENSIONS.items():
        if project.needs_engine(engine):
            wanted += names
    return sorted(set(wanted))


def _notes(project: Project, root: str, *, serves: bool) -> list[str]:
    if not serves:
        return []
    where = "the project's own folder" if root == "." else f"the folder {root}"
    notes = [f"FrankenPHP serves {where}. Files whose names begin with a dot are not served."]
    if project.start_command:
        notes.append(
            "The project's start command is not used in an image: it is PHP's server for development or"
            " one that the image does not have."
        )
    return notes
