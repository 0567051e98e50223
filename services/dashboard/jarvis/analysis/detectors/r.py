"""R: Shiny, Plumber, and scripts."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.tree import Tree

_SHINY = re.compile(
    r"\bshinyApp\s*\(|\blibrary\(\s*[\"']?shiny\b|\brequire\(\s*[\"']?shiny\b|\bshiny::\w|\bshinyServer\s*\(|\bshinyUI\s*\("
)
_PLUMBER = re.compile(
    r"#\*\s*@(?:get|post|put|delete|plumber|serializer)\b|\bplumber::|\blibrary\(\s*[\"']?plumber\b|\bplumb\s*\("
)
_OTHERS = re.compile(r"\blibrary\(\s*[\"']?(ambiorix|fiery|beakr|RestRserve|brochure|golem|rhino)\b")
_RUNS = re.compile(r"\bpr_run\s*\(|\$run\s*\(|\bplumb\s*\(|\brunApp\s*\(|\$start\s*\(|\$ignite\s*\(")
_PORT = re.compile(
    r"\bport\s*=\s*(?:as\.\w+\(\s*)?(?:Sys\.getenv\(\s*[\"']\w*PORT[\"']\s*,\s*)?[\"']?(\d{2,5})"
)
_LIBRARY = re.compile(r"^[ \t]*(?:library|require|requireNamespace)\(\s*[\"']?([A-Za-z][\w.]*)", re.MULTILINE)
_VERSION = re.compile(r"\"R\"\s*:\s*\{\s*\"Version\"\s*:\s*\"([\d.]+)\"")
_DEPENDS = re.compile(r"\bR\s*\((>=\s*[\d.]+)\)")
_MAIN = (
    "main.r",
    "app.r",
    "run.r",
    "server.r",
    "start.r",
    "index.r",
    "script.r",
    "entrypoint.r",
    "api.r",
    "plumber.r",
)
_DATABASES = {
    "rpostgres": "postgres", "rpostgresql": "postgres", "rmysql": "mysql", "rmariadb": "mysql",
    "rsqlite": "sqlite", "mongolite": "mongodb", "redux": "redis", "odbc": "mssql",
}  # fmt: skip


def detect(tree: Tree) -> Candidate | None:
    """What the folder is as an R project."""
    sources = tree.ending(".r", depth=2)
    documents = tree.ending(".rmd", ".qmd", depth=0)
    if not sources and not (documents and tree.first("renv.lock", "DESCRIPTION")):
        return None
    described = "DESCRIPTION" in tree and "Package:" in tree.text("DESCRIPTION")
    at_top = [path for path in sources if "/" not in path]
    manifest = tree.first(
        "renv.lock",
        "DESCRIPTION" if described else "renv.lock",
        "packrat/packrat.lock",
        "init.R",
        "install.R",
    )
    found = _server(tree, sources[:24])
    if found is not None:
        made = found
        made.confidence = 0.95 if manifest or made.framework == "shiny" else 0.9
    elif described and not at_top and "NAMESPACE" in tree:
        made = Candidate("library", "r", 0.9)
        made.because("kind", "DESCRIPTION", "it describes a package without a program")
    elif at_top:
        first = sorted(
            at_top, key=lambda path: _MAIN.index(path.lower()) if path.lower() in _MAIN else len(_MAIN)
        )
        path = next(
            (
                path
                for path in first
                if path not in ("init.R", "install.R", "install_packages.R", "packages.R")
            ),
            first[0],
        )
        made = Candidate("script", "r", 0.85 if manifest else 0.6, start_command=f"Rscript {path}")
        made.because("kind", path, "it is an R script that serves nobody")
        made.because("start_command", path, "Rscript runs it to its end")
    else:
        made = Candidate("script", "r", 0.4 if sources else 0.5)
        made.because("kind", (sources or documents)[0], "there is R, and nothing that says how it is started")
    made.because("language", next(iter(at_top or sources or documents)), "it is R's")
    _manager(tree, made, manifest, sources)
    _needs(tree, made, sources[:24])
    return made


def _server(tree: Tree, sources: list[str]) -> Candidate | None:
    for path in sources:
        text = tree.text(path)
        folder, _, name = path.rpartition("/")
        small = name.lower()
        if (small == "app.r" or (small in ("server.r", "ui.r", "global.r"))) and _SHINY.search(text):
            port = "as.numeric(Sys.getenv('PORT', '3838'))"
            words = f"R -e \"shiny::runApp('{folder or '.'}', host = '0.0.0.0', port = {port})\""
            return _made(tree, "shiny", path, words, 3838, "it is an application of Shiny")
    for path in sources:
        text = tree.text(path)
        if _PLUMBER.search(text):
            starter = (
                path
                if _RUNS.search(text)
                else next((item for item in sources if _RUNS.search(tree.text(item))), "")
            )
            port = "as.numeric(Sys.getenv('PORT', '8000'))"
            words = f"R -e \"plumber::pr_run(plumber::pr('{path}'), host = '0.0.0.0', port = {port})\""
            return _made(
                tree,
                "plumber",
                path,
                f"Rscript {starter}" if starter else words,
                8000,
                "it holds routes of Plumber",
            )
        other = _OTHERS.search(text)
        if other and _RUNS.search(text):
            return _made(tree, other[1].lower(), path, f"Rscript {path}", 8080, f"it uses {other[1]}")
        if _SHINY.search(text) and _RUNS.search(text):
            return _made(tree, "shiny", path, f"Rscript {path}", 3838, "it runs an application of Shiny")
    return None


def _made(tree: Tree, framework: str, path: str, words: str, port: int, why: str) -> Candidate:
    made = Candidate("web", "r", 0.9, framework=framework, start_command=words, port=port)
    made.because("kind", path, why)
    made.because("framework", path, why)
    made.because("start_command", path, f"{framework} is started so")
    stated = tree.search(path, _PORT)
    if stated:
        made.port = int(stated[0][1])
    made.because(
        "port",
        path,
        "the code names it" if stated else "it is the port of the command",
        stated[1] if stated else None,
    )
    return made


def _manager(tree: Tree, made: Candidate, manifest: str, sources: list[str]) -> None:
    version = tree.search("renv.lock", _VERSION) or tree.search("DESCRIPTION", _DEPENDS)
    if version:
        file = "renv.lock" if "renv.lock" in tree and tree.search("renv.lock", _VERSION) else "DESCRIPTION"
        made.language_version = version[0][1]
        made.because("language_version", file, f"{file} names it", version[1])
    if manifest == "renv.lock":
        made.package_manager, made.install_command = "renv", 'R -e "renv::restore()"'
    elif manifest == "DESCRIPTION":
        made.package_manager, made.install_command = "remotes", "R -e \"remotes::install_deps('.')\""
    elif manifest in ("init.R", "install.R"):
        made.install_command = f"Rscript {manifest}"
    else:
        wanted = {name: path for path in sources[:24] for name in _LIBRARY.findall(tree.text(path))}
        wanted = {
            name: path
            for name, path in wanted.items()
            if name not in ("stats", "utils", "methods", "parallel", "grid", "tools")
        }
        for name, path in wanted.items():
            made.dependencies[name.lower()] = (path, None)
        if wanted:
            names = ", ".join(f"'{name}'" for name in wanted)
            made.install_command = f'R -e "install.packages(c({names}))"'
            path = next(iter(wanted.values()))
            made.because("install_command", path, "it loads these packages, and nothing lists them")
            made.find(
                "missing-lock-file", "warning", path, "No renv.lock: the next build may fetch other versions."
            )
        return
    if made.package_manager != "none":
        made.because("package_manager", manifest, f"{manifest} is read by it")
    made.because("install_command", manifest, f"{manifest} lists what it needs")


def _needs(tree: Tree, made: Candidate, sources: list[str]) -> None:
    for path in sources:
        for match in _LIBRARY.finditer(tree.text(path)):
            engine = _DATABASES.get(match[1].lower())
            if engine:
                line = match.string.count("\n", 0, match.start()) + 1
                level = "embedded" if engine == "sqlite" else "required"
                made.need(engine, level, path, f"it loads {match[1]}", line)
