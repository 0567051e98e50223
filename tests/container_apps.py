"""Folders with a Dockerfile of their own, whose programs need no package: an image is made in a second."""

from pathlib import Path

import base_images
from programs import SERVER

BASE = f"python:{base_images.pythons()[0]}-slim"
DOCKERFILE = """\
FROM {base}
WORKDIR /app
COPY server.py .
{lines}
"""
USUAL = 'EXPOSE 8000\nCMD ["python", "-u", "server.py"]'

BIG = """\
    def big(self):
        self.send_response(200)
        self.send_header("Content-Length", str(64 * 1024 * 1024))
        self.end_headers()
        for _ in range(1024):
            self.wfile.write(b"x" * 65536)
"""
ASKED = """\
        if self.path == "/big":
            return self.big()
"""


def app(folder: Path, text: str, *, status: int = 200, before: str = "", lines: str = USUAL) -> Path:
    """A web server of the standard library that says `text`, and 64 MiB at /big.

    Args:
        folder: Where it is written; made.
        text: Its answer.
        status: The status of its answers.
        before: Lines of Python that run before it listens.
        lines: The end of its Dockerfile.
    """
    folder.mkdir(parents=True, exist_ok=True)
    code = SERVER.format(text=text, status=status, before=before)
    code = code.replace("    def do_POST", f"{BIG}\n    def do_POST", 1)
    code = code.replace('        if self.path == "/slow":', f'{ASKED}        if self.path == "/slow":', 1)
    (folder / "server.py").write_text(code)
    (folder / "Dockerfile").write_text(DOCKERFILE.format(base=BASE, lines=lines))
    return folder
