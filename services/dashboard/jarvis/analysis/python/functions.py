"""Functions: code that a platform calls, with no program of its own."""

import re

from jarvis.analysis.python.project import Project
from jarvis.analysis.python.sources import Sources
from jarvis.analysis.python.start import Start, shell_port

_LAMBDA = re.compile(
    r"^def\s+(lambda_handler|handler)\s*\(\s*_?event\b[^)\n]{0,200},\s*_?context\b", re.MULTILINE
)
_TEMPLATES = (
    "template.yaml",
    "template.yml",
    "sam.yaml",
    "serverless.yml",
    "serverless.yaml",
    "samconfig.toml",
    "zappa_settings.json",
)


def azure(sources: Sources) -> tuple[str, str] | None:
    """A folder of the Azure Functions host: the file that says so, and why."""
    tree = sources.tree
    scripts = [path for path in tree.named("function.json", depth=1) if ".py" in tree.text(path)]
    if "host.json" in tree and scripts:
        return scripts[0], f"{scripts[0]} binds a Python file to a trigger"
    if "host.json" in tree and "function_app.py" in tree:
        return "host.json", "host.json configures the Azure Functions host"
    return None


def google(project: Project, sources: Sources) -> tuple[str, str, int, bool] | None:
    """A function for the functions framework: the file, its name, its line, and whether it takes events."""
    if project.has("functions-framework") is None and "functions_framework" not in sources.imports:
        return None
    path = sources.imports.get("functions_framework", ("main.py", 0))[0]
    module = sources.module(path) if path in sources.files else None
    if module is None or not module.functions:
        return None
    marked = [
        item for item in module.functions if any("functions_framework" in mark for mark in item.decorators)
    ]
    item = (marked or module.functions)[-1]
    event = any("cloud_event" in mark for mark in item.decorators)
    return path, item.name, item.line, event


def called(sources: Sources) -> tuple[str, str, int] | None:
    """A handler in the manner of AWS Lambda: the file, its name, its line."""
    tree = sources.tree
    for path in sources.files[:16]:
        found = tree.search(path, _LAMBDA)
        if found and (found[0][1] == "lambda_handler" or tree.first(*_TEMPLATES)):
            return path, found[0][1], found[1]
    return None


def framework(path: str, name: str, line: int, port: int, *, event: bool) -> Start:
    """The functions framework with one function."""
    source = "" if path == "main.py" else f" --source={path}"
    kind = " --signature-type=cloudevent" if event else ""
    words = f"functions-framework{source} --target={name}{kind} --port={shell_port(port)}"
    return Start(words, path, line, "the functions framework serves the function", port=port)
