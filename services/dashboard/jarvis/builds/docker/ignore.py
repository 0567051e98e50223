"""What is not sent to a build: .dockerignore."""

ALWAYS = (
    ".git",
    ".hg",
    ".svn",
    "**/.env",
    "**/.env.*",
    "!**/.env.example",
    "!**/.env.sample",
    "!**/.env.dist",
    "**/.DS_Store",
    "**/Thumbs.db",
    ".idea",
    ".vscode",
    ".dockerignore",
    "**/__pycache__",
    "**/*.pyc",
    "**/.venv",
    "**/.pytest_cache",
    "**/.mypy_cache",
    "**/.ruff_cache",
)

PAGES = ("**/.*", "!**/.well-known")
"""In finished pages no name begins with a dot, as Jarvis leaves them out of a release folder too."""


def text(*more: str) -> str:
    """The file, with `more` that the stack makes anew."""
    return "".join(f"{line}\n" for line in (*ALWAYS, *more))
