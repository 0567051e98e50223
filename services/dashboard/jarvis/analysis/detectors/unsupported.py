"""What cannot be run as a service here, and why in one sentence."""

import re
from collections.abc import Callable

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.dotnet.choose import choose
from jarvis.analysis.tree import Tree
from jarvis.analysis.unknown import LANGUAGES, SOURCES

Sign = tuple[str, str, float, str]
"""Language, the file that shows it, how sure, and why it cannot run."""

_MANIFESTS = (
    "package.json", "requirements.txt", "pyproject.toml", "Pipfile", "setup.py", "manage.py", "go.mod",
    "Cargo.toml", "Gemfile", "composer.json", "pom.xml", "build.sbt", "mix.exs", "deno.json",
    "Package.swift", "project.clj", "deps.edn", "index.php", "config.ru", "stack.yaml", "shard.yml",
    "gleam.toml", "build.zig", "CMakeLists.txt", "Makefile", "cpanfile", "Dockerfile", "compose.yaml",
    "compose.yml", "docker-compose.yml", "docker-compose.yaml",
)  # fmt: skip
"""Files that say that something here can run after all."""
_PACKED = {
    ".exe": "a program for Windows", ".msi": "an installer for Windows", ".msix": "an app for Windows",
    ".appx": "an app for Windows", ".dmg": "a disk for macOS", ".pkg": "an installer for macOS",
    ".apk": "an app for Android", ".aab": "an app for Android", ".ipa": "an app for iOS",
    ".deb": "a package for a whole system", ".rpm": "a package for a whole system",
    ".iso": "a disk image", ".qcow2": "a disk image", ".vmdk": "a disk image",
    ".appimage": "a program with windows of its own", ".snap": "a package for a whole system",
    ".flatpak": "a program with windows of its own",
}  # fmt: skip
_CONFIG = re.compile(
    r"(?:^|/)(?:\.[^/]+|Procfile[\w.]*|Caddyfile|Makefile|LICEN[CS]E[^/]*|README[^/]*|CHANGELOG[^/]*|CODEOWNERS|Vagrantfile|Jenkinsfile|Staticfile)$"
    r"|\.(?:json5?|jsonc|toml|ya?ml|ini|cfg|conf|env|properties|tf|tfvars|hcl|lock|example|sample|bicep|libsonnet|jsonnet|cue|nomad|service|md|plist)$",
    re.IGNORECASE,
)
_ANY = re.compile(
    r"(?:^|/)(?:[\w.-]*compose[\w.-]*\.ya?ml|requirements[^/]*\.txt|environment\.ya?ml|[\w.-]+\.lock"
    r"|[\w.-]*Dockerfile[\w.-]*|Staticfile|Procfile|hugo\.\w+|mkdocs\.ya?ml|_config\.ya?ml"
    r"|devcontainer\.json|runtime\.txt)$"
)
_DOCUMENTS = re.compile(
    r"(?:^|/)(?:\.[^/]+|LICEN[CS]E[^/]*|README[^/]*|CHANGELOG[^/]*)$|\.(?:md|txt|rst|adoc|pdf|docx?|odt|tex|bib|pptx?|rtf|epub)$",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"\.(?:csv|tsv|parquet|xlsx?|ods|sql|dump|db|sqlite3?|feather|avro|orc|npy|npz|pkl|h5|onnx|pt|safetensors|gguf|geojson|ndjson|jsonl|xml|rdf|ttl|shp|dbf|png|jpe?g|gif|webp|mp[34]|wav|mov|zip|gz|7z|ttf|woff2?|psd|ai|sketch|fig|svg)$",
    re.IGNORECASE,
)
_PLACEHOLDERS = (
    ".gitkeep",
    ".keep",
    ".gitignore",
    ".gitattributes",
    ".DS_Store",
    "Thumbs.db",
    ".placeholder",
    ".editorconfig",
)


def detect(tree: Tree) -> Candidate | None:
    """A candidate of the kind `unsupported` or `config-only`, or None when something may run."""
    if all(file.rpartition("/")[2] in _PLACEHOLDERS for file in tree.files):
        return None
    for look in _LOOKS:
        if sign := look(tree):
            language, file, sure, why = sign
            known = tree.first(*_MANIFESTS)
            found = Candidate("unsupported", language, min(sure, 0.3) if known else sure)
            claim(found, file, why, kind="unsupported", language=language)
            found.against.append(why)
            return found
    return _settings(tree)


def _classic(tree: Tree) -> Sign | None:
    files = tree.ending(".asp", ".asa", depth=2)
    return (
        ("asp-classic", files[0], 0.92, "Classic ASP runs only in the web server of Windows.")
        if files
        else None
    )


def _dotnet(tree: Tree) -> Sign | None:
    chosen = choose(tree)
    if chosen and chosen.role.name == "old":
        return (
            "dotnet",
            chosen.project.file,
            0.93,
            "The .NET Framework runs only on Windows; .NET 8 or newer runs here.",
        )
    if chosen and chosen.role.name == "desktop":
        return (
            "dotnet",
            chosen.project.file,
            0.9,
            "It is a program with windows of its own, which a server cannot show.",
        )
    if chosen:
        return None
    pages = tree.ending(".aspx", ".ashx", ".asmx", ".asax", ".ascx", ".svc", depth=2)
    web = tree.first("Web.config", "web.config")
    pages += [web] if re.search(r"<system\.(?:web|serviceModel)>", tree.text(web)) else []
    if pages:
        return "dotnet", pages[0], 0.92, "ASP.NET pages need the .NET Framework, which runs only on Windows."
    old = tree.first("packages.config")
    return (
        ("dotnet", old, 0.7, "The .NET Framework runs only on Windows; .NET 8 or newer runs here.")
        if old
        else None
    )


def _phones(tree: Tree) -> Sign | None:
    apple = next(
        (file for file in tree.files if ".xcodeproj/" in file or ".xcworkspace/" in file), ""
    ) or tree.first("Podfile")
    android = next((file for file in tree.named("AndroidManifest.xml") if "/debug/" not in file), "")
    flutter = tree.first("pubspec.yaml")
    if flutter and (apple or android) and "web/index.html" not in tree:
        return "dart", flutter, 0.85, "It is an app for phones without pages for the web."
    if apple and apple.count("/") <= 2:
        return "swift", apple, 0.88, "It is an app for Apple's devices, which must be built and run on one."
    if android and tree.first("build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"):
        return "java", android, 0.88, "It is an app for Android, which runs on a phone."
    return None


def _machines(tree: Tree) -> Sign | None:
    """Games, electronics, extensions: programs for a machine that is no server."""
    if file := tree.first("ProjectSettings/ProjectVersion.txt", "project.godot"):
        return "none", file, 0.9, "It is a game in its editor's form; hand in its export for the web instead."
    for suffix, language, why in (
        (".uproject", "cpp", "It is a game in its editor's form, which a server cannot show."),
        (".ino", "cpp", "It is a program for a microcontroller."),
        (".vbp", "visual-basic", "Visual Basic 6 runs only on Windows."),
        (".dpr", "delphi", "It is a program for Windows."),
        (".dproj", "delphi", "It is a program for Windows."),
        (".ahk", "autohotkey", "AutoHotkey runs only on Windows."),
        (".xlsm", "none", "Macros run only within an office program."),
        (".scpt", "applescript", "AppleScript runs only on macOS."),
        (".applescript", "applescript", "AppleScript runs only on macOS."),
        (".cfm", "coldfusion", "ColdFusion needs a server of its own that is not provided here."),
        (".cfc", "coldfusion", "ColdFusion needs a server of its own that is not provided here."),
    ):
        if files := tree.ending(suffix, depth=1):
            return language, files[0], 0.85, why
    if file := tree.first("platformio.ini", "west.yml"):
        return "cpp", file, 0.9, "It is a program for a microcontroller."
    if "manifest_version" in tree.json("manifest.json"):
        return "node", "manifest.json", 0.9, "It is an extension for a browser and runs only there."
    return None


def _packed(tree: Tree) -> Sign | None:
    for suffix, what in _PACKED.items():
        if (files := tree.ending(suffix, depth=0)) and len(tree.top) <= 8:
            return (
                "none",
                files[0],
                0.85 if len(tree.files) == 1 else 0.55,
                f"It is {what}, not a program for this server.",
            )
    return None


def _windows(tree: Tree) -> Sign | None:
    """Scripts for Windows and nothing else that could run."""
    if any(file.endswith((".sh", ".py", ".js", ".rb", ".php", ".jar")) for file in tree.top):
        return None
    if files := tree.ending(".bat", ".cmd", depth=0):
        return "batch", files[0], 0.7, "Batch files run only on Windows."
    if files := tree.ending(".ps1", ".psm1", depth=0):
        return "powershell", files[0], 0.7, "PowerShell is not provided here."
    if files := tree.ending(".vbs", ".wsf", ".reg", depth=0):
        return "batch", files[0], 0.7, "It runs only on Windows."
    return None


def _languages(tree: Tree) -> Sign | None:
    """Languages that Jarvis has no runtime for."""
    for names, language in LANGUAGES:
        if file := tree.first(*names):
            return language, file, 0.7, f"Programs in {language} are not supported."
    for suffixes, language in SOURCES:
        if files := tree.ending(*suffixes, depth=1):
            return language, files[0], 0.5, f"Programs in {language} are not supported."
    return None


def _notebooks(tree: Tree) -> Sign | None:
    files = tree.ending(".ipynb", depth=2)
    if not files or tree.ending(".py", depth=1):
        return None
    return "none", files[0], 0.45, "Notebooks are worked in, not started; hand in a program that uses them."


_LOOKS: tuple[Callable[[Tree], Sign | None], ...] = (
    _classic, _dotnet, _phones, _machines, _packed, _windows, _languages, _notebooks,
)  # fmt: skip


def _settings(tree: Tree) -> Candidate | None:
    """Folders with nothing but settings, documents or data, none of them a manifest."""
    if tree.named(*_MANIFESTS, depth=2) or any(_ANY.search(file) for file in tree.files):
        return None
    for pattern, kind, sure, why in (
        (
            _DOCUMENTS,
            "unsupported",
            0.4,
            "There are only documents here, nothing that could be started or shown.",
        ),
        (_CONFIG, "config-only", 0.5, "There are only settings here, no program that they are for."),
        (_DATA, "unsupported", 0.4, "There are only data here, nothing that could be started or shown."),
    ):
        rest = [file for file in tree.files if not (pattern.search(file) or _DOCUMENTS.search(file))]
        if rest or not tree.files:
            continue
        shown = next(
            (file for file in tree.files if not file.rpartition("/")[2].startswith(".")), tree.files[0]
        )
        found = Candidate(kind, "none", sure)
        claim(found, shown, why, kind=kind, language="none")
        found.against.append(why)
        return found
    return None
