"""Perl: PSGI apps, Mojolicious, Dancer, Catalyst, CGI, distributions and scripts."""

import re
from shlex import quote

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.health import health_route
from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

MANIFESTS = ("cpanfile", "Makefile.PL", "Build.PL", "dist.ini", "META.json", "META.yml", "minil.toml")
OTHERS = (
    "package.json", "requirements.txt", "pyproject.toml", "go.mod", "Cargo.toml", "CMakeLists.txt",
    "configure.ac",
    "Makefile", "composer.json", "Gemfile",
)  # fmt: skip
"""Manifests beside which a program in Perl is more likely a tool."""
FRAMEWORKS: tuple[tuple[str, str, int], ...] = (
    ("Mojolicious", "mojolicious", 3000),
    ("Mojolicious::Lite", "mojolicious", 3000),
    ("Dancer2", "dancer2", 5000),
    ("Dancer", "dancer", 3000),
    ("Catalyst::Runtime", "catalyst", 5000),
    ("Catalyst", "catalyst", 5000),
    ("Kelp", "kelp", 5000),
    ("Raisin", "raisin", 5000),
    ("Amon2", "amon2", 5000),
    ("Web::Simple", "web-simple", 5000),
    ("Plack", "plack", 5000),
)
"""Module, framework and port; what is built on others stands before them."""
DRIVERS = {
    "DBD::Pg": "postgres", "Mojo::Pg": "postgres", "DBD::mysql": "mysql", "DBD::MariaDB": "mysql",
    "Mojo::mysql": "mysql", "DBD::SQLite": "sqlite", "Mojo::SQLite": "sqlite", "MongoDB": "mongodb",
    "Redis": "redis", "Mojo::Redis": "redis", "RedisDB": "redis", "Cache::Memcached": "memcached",
    "Net::AMQP::RabbitMQ": "rabbitmq", "Search::Elasticsearch": "elasticsearch", "DBD::Oracle": "oracle",
}  # fmt: skip
SERVERS = (("Starman", "starman"), ("Starlet", "plackup -s Starlet"), ("Gazelle", "plackup -s Gazelle"),
           ("Twiggy", "twiggy"), ("Feersum", "plackup -s Feersum"))  # fmt: skip

_REQUIRES = re.compile(
    r"^[ \t]*(requires|recommends|suggests)[ \t]{0,9}\(?\s{0,9}[\"']?([A-Z]\w*(?:::\w+)*)", re.MULTILINE
)
_PREREQ = re.compile(r"(?<![\w:])([A-Z]\w*(?:::\w+)*)[\"']?\s*=>\s*[\"']?[\d.v]+")
_USES = re.compile(r"^[ \t]*use\s+([A-Z]\w*(?:::\w+)*)", re.MULTILINE)
_DSN = re.compile(r"\bdbi:(Pg|mysql|MariaDB|SQLite|Oracle):", re.IGNORECASE)
_ENGINES = {"pg": "postgres", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite", "oracle": "oracle"}
_PERL = re.compile(
    r"\A#!.*\bperl\b|^[ \t]*use\s+(?:strict|warnings|v?5)|^[ \t]*(?:my|our)\s+[$@%]", re.MULTILINE
)
_CGI = re.compile(r"^[ \t]*use\s+CGI\b|Content-[Tt]ype:\s*text/", re.MULTILINE)
_LISTENS = re.compile(r"\bHTTP::(?:Daemon|Server::\w+)\b|\bNet::Server::HTTP\b")
_PORT = re.compile(
    r"(?:\$ENV\{PORT\}[^\n]{0,60}?|\bport\s*=>\s*|\bLocalPort\s*=>\s*|://[^\"'\s:]{0,60}:)[\"']?(\d{4,5})\b",
    re.IGNORECASE,
)


def detect(tree: Tree) -> Candidate | None:
    """A site, a program or a distribution in Perl."""
    manifest = tree.first(*MANIFESTS)
    programs = [path for path in _programs(tree) if tree.search(path, _PERL)]
    psgi = list(tree.ending(".psgi", depth=2))
    if not programs and not psgi and not (manifest and tree.ending(".pm")):
        return None
    modules = _modules(tree, manifest, [*psgi, *programs])
    main = next(iter([*psgi, *programs]), "")
    candidate = Candidate("script", "perl", _confidence(tree, manifest, psgi, programs))
    candidate.because("language", manifest or main, "Perl's manifest." if manifest else "A program in Perl.")
    candidate.dependencies.update(
        {name.lower(): place for name, place in modules.items() if place[0] == manifest}
    )
    _install(candidate, tree, manifest)
    if found := pinned(tree, "perl"):
        claim(candidate, found[1], "It states the version.", found[2], language_version=found[0])
    elif hit := tree.search(".perl-version", re.compile(r"^[ \t]*(?:perl-)?(5[\d.]*)", re.MULTILINE)):
        claim(candidate, ".perl-version", "It states the version.", hit[1], language_version=hit[0][1])
    _kind(candidate, tree, modules, psgi, programs)
    _needs(candidate, tree, modules, [*psgi, *programs])
    return candidate


def _programs(tree: Tree) -> list[str]:
    usual = ("app.pl", "main.pl", "server.pl", "web.pl", "index.pl", "myapp.pl", "script/app", "index.cgi")
    places = ("", "script", "bin", "cgi-bin", "public_html", "htdocs", "src", "www", "public")
    found = [path for path in tree.ending(".pl", ".cgi", depth=1) if path.rpartition("/")[0] in places]
    scripts = (path for path in tree.files if path.startswith("script/") and path.count("/") == 1)
    found += [path for path in scripts if "." not in path]
    ranks = {path: at for at, path in enumerate(usual)}
    return sorted(dict.fromkeys(found), key=lambda path: (ranks.get(path, len(usual)), path.count("/")))


def _modules(tree: Tree, manifest: str, sources: list[str]) -> dict[str, tuple[str, int | None]]:
    """What the manifest and the programs name, with the place."""
    found: dict[str, tuple[str, int | None]] = {}
    text = tree.text(manifest) if manifest else ""
    for match in _REQUIRES.finditer(text):
        found.setdefault(match[2], (manifest, text.count("\n", 0, match.start(2)) + 1))
    for match in _PREREQ.finditer(text) if manifest in ("Makefile.PL", "Build.PL") else ():
        found.setdefault(match[1], (manifest, text.count("\n", 0, match.start()) + 1))
    for path in [*sources, *tree.ending(".pm")[:20]]:
        text = tree.text(path)
        for match in _USES.finditer(text):
            found.setdefault(match[1], (path, text.count("\n", 0, match.start(1)) + 1))
    return found


def _confidence(tree: Tree, manifest: str, psgi: list[str], programs: list[str]) -> float:
    others = tree.named(*OTHERS, depth=0)
    if manifest:
        return 0.93
    if any("/" not in path for path in psgi):
        return 0.9
    return 0.3 if others or not any("/" not in path for path in programs) else 0.65


def _install(candidate: Candidate, tree: Tree, manifest: str) -> None:
    if not manifest:
        return
    if "cpanfile.snapshot" in tree:
        claim(candidate, "cpanfile.snapshot", "Carton keeps the versions.", package_manager="carton")
        claim(candidate, manifest, "It fetches the modules.", install_command="carton install --deployment")
        return
    claim(candidate, manifest, "It names the modules.", package_manager="cpanm")
    claim(candidate, manifest, "It fetches the modules.", install_command="cpanm --notest --installdeps .")
    if manifest == "cpanfile":
        why = "Run `carton install` and add cpanfile.snapshot, or every build may take other versions."
        candidate.find("missing-lock-file", "warning", manifest, why)


def _kind(
    candidate: Candidate,
    tree: Tree,
    modules: dict[str, tuple[str, int | None]],
    psgi: list[str],
    programs: list[str],
) -> None:
    prefix = "carton exec " if candidate.package_manager == "carton" else ""
    row = next((row for row in FRAMEWORKS if row[0] in modules), None)
    main = next(iter(psgi), "") or next(iter(programs), "")
    if row is not None and main:
        file, line = modules[row[0]]
        claim(candidate, file, f"It uses {row[0]}.", line, framework=row[1], kind="web")
        candidate.confidence = 0.97 if candidate.confidence >= 0.9 else max(candidate.confidence, 0.7)
        _port(candidate, tree, main, (row[2], file, line))
        claim(
            candidate, main, "The app itself.", start_command=prefix + _start(candidate, modules, psgi, main)
        )
    elif psgi:
        claim(candidate, psgi[0], "An app for a PSGI server.", framework="plack", kind="web")
        _port(candidate, tree, psgi[0], (5000, psgi[0], None))
        claim(
            candidate, main, "The app itself.", start_command=prefix + _start(candidate, modules, psgi, main)
        )
    elif served := next((path for path in programs if tree.search(path, _LISTENS)), ""):
        claim(
            candidate,
            served,
            "It serves HTTP itself.",
            kind="web",
            start_command=f"{prefix}perl {quote(served)}",
        )
        _port(candidate, tree, served, (8080, served, None))
    elif page := next((path for path in programs if path.endswith(".cgi") or tree.search(path, _CGI)), ""):
        folder = page.rpartition("/")[0] or "."
        app = f'Plack::App::CGIBin->new(root => "{folder}")->to_app'
        command = f"plackup -MPlack::App::CGIBin --host 0.0.0.0 --port ${{PORT:-5000}} -e {quote(app)}"
        claim(candidate, page, "It answers through CGI.", kind="web", start_command=command, port=5000)
    elif programs:
        candidate.because("kind", main, "A program that listens nowhere.")
        claim(candidate, main, "The program itself.", start_command=f"{prefix}perl {quote(main)}")
    else:
        shown = next(iter(tree.ending(".pm")))
        claim(candidate, shown, "Modules, and nothing that is started.", kind="library")


def _start(
    candidate: Candidate, modules: dict[str, tuple[str, int | None]], psgi: list[str], main: str
) -> str:
    port, main = f"${{PORT:-{candidate.port}}}", quote(main)
    if candidate.framework == "mojolicious" and not psgi:
        return f"perl {main} prefork -m production -l http://*:{port}"
    if not psgi:
        return f"perl {main}"
    server = next((command for module, command in SERVERS if module in modules), "plackup -E production")
    return f"{server} --host 0.0.0.0 --port {port} {main}"


def _port(candidate: Candidate, tree: Tree, main: str, usual: tuple[int, str, int | None]) -> None:
    number, file, line = usual
    if hit := tree.search(main, _PORT):
        number, file, line = int(hit[0][1]), main, hit[1]
    claim(candidate, file, "The port it takes by itself.", line, port=number)
    if found := health_route(tree, [main, *tree.ending(".pm")]):
        claim(candidate, found[1], "A path that is there to be asked.", found[2], health_path=found[0])


def _needs(
    candidate: Candidate, tree: Tree, modules: dict[str, tuple[str, int | None]], sources: list[str]
) -> None:
    for path in [*sources, *tree.ending(".pm")[:20]]:
        if hit := tree.search(path, _DSN):
            known = _ENGINES[hit[0][1].lower()]
            level = "embedded" if known == "sqlite" else "required"
            candidate.need(known, level, path, f"It connects to {known}.", hit[1])
    for name, known in DRIVERS.items():
        if name in modules:
            file, line = modules[name]
            level = "embedded" if known == "sqlite" else "required"
            candidate.need(known, level, file, f"It uses {name}.", line)
