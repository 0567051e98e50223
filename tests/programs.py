"""Small programs to deploy: no package is needed, so they are made in no time."""

import json
from pathlib import Path

SERVER = """\
import http.server, os, sys, time

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/slow":
            time.sleep(2)
        text = {text!r}
        if self.path.startswith("/env/"):
            text = os.environ.get(self.path[5:], "nothing")
        if self.path.startswith("/file/"):
            text = "there" if os.path.exists(self.path[5:]) else "not there"
        if self.path == "/pid":
            text = str(os.getpid())
        body = text.encode()
        self.send_response({status})
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

print("it begins", flush=True)
{before}
http.server.ThreadingHTTPServer(("0.0.0.0", int(os.environ["PORT"])), Handler).serve_forever()
"""


def program(folder: Path, text: str, *, status: int = 200, before: str = "", packages: bool = False) -> Path:
    """A web server of the standard library that says `text`.

    Args:
        folder: Where it is written; made.
        text: Its answer.
        status: The status of its answers.
        before: Lines of Python that run before it listens.
        packages: Does it have a list of packages? It is empty, but making it ready takes seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "server.py").write_text(SERVER.format(text=text, status=status, before=before))
    (folder / "Procfile").write_text("web: python3 server.py\n")
    if packages:
        (folder / "requirements.txt").write_text("")
    return folder


def node(folder: Path, text: str) -> Path:
    """The same for Node."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {"name": "n", "version": "1.0.0", "scripts": {"start": "node server.js"}}
    (folder / "package.json").write_text(json.dumps(manifest))
    (folder / "server.js").write_text(
        f"require('http').createServer((q, s) => s.end({text!r})).listen(process.env.PORT || 3000)\n"
    )
    return folder
