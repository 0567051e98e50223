"""Sphinx: a site made of reStructuredText or Markdown, as manuals of Python projects are."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.python.generators import Generator, site
from jarvis.analysis.python.project import understand
from jarvis.analysis.tree import Tree

_FOLDERS = ("", "docs", "doc", "source", "docs/source", "doc/source", "documentation")
_CONFIG = re.compile(
    r"^(?:extensions|master_doc|root_doc|html_theme|source_suffix|templates_path)\s*=", re.MULTILINE
)
_THEME = re.compile(r"^html_theme\s*=\s*[\"'](\w+)[\"']", re.MULTILINE)
_THEMES = {
    "sphinx_rtd_theme": "sphinx-rtd-theme", "furo": "furo", "pydata_sphinx_theme": "pydata-sphinx-theme",
    "sphinx_book_theme": "sphinx-book-theme", "shibuya": "shibuya", "sphinx_material": "sphinx-material",
    "press": "sphinx-press-theme", "piccolo_theme": "piccolo-theme",
    "sphinx_immaterial": "sphinx-immaterial", "pallets": "pallets-sphinx-themes",
    "flask": "pallets-sphinx-themes", "alabaster": "",
}  # fmt: skip
"""Themes → what has to be installed for them."""
_PARTS = {
    "myst_parser": "myst-parser",
    "sphinx_copybutton": "sphinx-copybutton",
    "sphinx_design": "sphinx-design",
    "nbsphinx": "nbsphinx",
}


def detect(tree: Tree) -> Candidate | None:
    """A `conf.py` of Sphinx; beside a program it is that program's manual."""
    for folder in _FOLDERS:
        prefix = folder + "/" if folder else ""
        path = prefix + "conf.py"
        if path not in tree or not tree.search(path, _CONFIG):
            continue
        if tree.first(
            *(
                f"{prefix}{name}"
                for name in ("index.rst", "index.md", "contents.rst", "index.txt", "index.ipynb")
            )
        ):
            return _site(tree, folder, path)
    return None


def _site(tree: Tree, folder: str, path: str) -> Candidate:
    text = tree.text(path)
    theme = _THEME.search(text)
    wanted = [
        "sphinx",
        _THEMES.get(theme[1], "") if theme else "",
        *(name for part, name in _PARTS.items() if part in text),
    ]
    output = f"{folder.removesuffix('source').rstrip('/')}/_build/html".lstrip("/")
    makes = f"sphinx-build -b html {folder or '.'} {output}"
    row = Generator("sphinx", " ".join(name for name in wanted if name), (path,), _CONFIG, makes, output)
    project = understand(tree)
    made = site(tree, project, row, path)
    listed = tree.first(
        f"{folder}/requirements.txt", "docs/requirements.txt", "doc/requirements.txt", "requirements-docs.txt"
    )
    if listed and project.manager == "none":
        made.evidence = [item for item in made.evidence if item.fact != "install_command"]
        made.package_manager = "pip"
        made.because("package_manager", listed, "it is read by pip")
        made.install_command = f"pip install -r {listed}" + (
            "" if "sphinx" in tree.text(listed).lower() else " sphinx"
        )
        made.because("install_command", listed, "it lists what the manual needs")
    programs = [
        name for name in tree.ending(".py", depth=1) if name != path and not name.startswith(folder + "/")
    ]
    if programs or tree.first(
        "package.json", "go.mod", "Cargo.toml", "pom.xml", "Gemfile", "composer.json", "setup.py"
    ):
        made.confidence = 0.55
        made.against.append("there is a program beside it, whose manual it may be")
    return made
