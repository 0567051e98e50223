"""Small stacks to deploy: a web service, a database stand-in with a volume, what comes before and beside."""

from pathlib import Path

BASE = "python:3.12-slim"

DATABASE = """\
import http.server, pathlib, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
FILE = pathlib.Path("/data/number")
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        number = int(FILE.read_text()) if FILE.exists() else 0
        if self.path == "/add":
            FILE.write_text(str(number := number + 1))
        body = str(number).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
print("the database begins", flush=True)
http.server.ThreadingHTTPServer(("", 9000), Handler).serve_forever()
"""
"""Counts in a volume."""

WEB = """\
import http.server, os, signal, sys, time, urllib.request
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        body = os.environ["SAYS"].encode()
        if self.path in ("/number", "/add"):
            body = urllib.request.urlopen("http://db:9000" + self.path).read()
        if self.path == "/slow":
            time.sleep(3)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
print("the web begins", flush=True)
http.server.ThreadingHTTPServer(("", 8000), Handler).serve_forever()
"""
"""Says what it is told to, and what the database says."""

CHECK = "import urllib.request as u; u.urlopen('http://127.0.0.1:9000')"

COMPOSE = """\
services:
  web:
    image: {base}
    command: ["python", "-u", "/srv/web.py"]
    ports: ["8000:8000"]
    environment: {{SAYS: "{says}"}}
    volumes: ["./web.py:/srv/web.py:ro"]
    depends_on:
      db: {{condition: service_healthy}}
{web}
  db:
    image: {base}
    command: ["python", "-u", "/srv/db.py"]
    volumes: ["data:/data", "./db.py:/srv/db.py:ro"]
    healthcheck: {{test: ["CMD", "python", "-c", "{check}"], interval: 30s, retries: 3}}
{db}
{more}
volumes: {{data: {{}}}}
"""


def stack(folder: Path, says: str, *, web: str = "", db: str = "", more: str = "") -> Path:
    """A web service that says `says`, and its database.

    Args:
        folder: Where it is written.
        says: What the first page is.
        web: Further lines of the web service, each with four spaces before it.
        db: Further lines of the database.
        more: Further services, with two spaces before them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "web.py").write_text(WEB)
    (folder / "db.py").write_text(DATABASE)
    text = COMPOSE.format(base=BASE, says=says, web=web, db=db, more=more, check=CHECK)
    (folder / "compose.yaml").write_text(text)
    return folder
