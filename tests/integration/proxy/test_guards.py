"""What must never come out, and clients that must not hold the server."""

import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from caddy_lab import CaddyLab, poll

SECRET = b"SECRET"


@pytest.fixture(scope="module", autouse=True)
def _secrets(lab: CaddyLab):
    for folder in (lab.home, lab.www, lab.www / "sites", lab.www / "services", lab.home / "releases"):
        (folder / "secret.txt").write_bytes(SECRET)


def test_it_works(lab: CaddyLab):
    assert lab.get("blog.localhost", "/.well-known/security.txt").body == b"contact"
    assert (lab.home / "releases/blog/r1/.env").read_bytes() == SECRET


@pytest.mark.parametrize(
    "path",
    [
        "/.env",
        "/%2eenv",
        "/%2Eenv",
        "//.env",
        "/./.env",
        "/docs/../.env",
        "/docs/%2e%2e/.env",
        "/docs%2f..%2f.env",
        "/.env/",
        "/.git/config",
        "/.git/",
        "/docs/.htpasswd",
        "/docs//.htpasswd",
        "/docs%2f.htpasswd",
        "/.well-known/.env",
        "/.well-known/%2eenv",
        "/.well-known/../.env",
        "/.well-known/..%2f.env",
        "/.well-known%2f..%2f.env",
        "/.WELL-KNOWN/security.txt",
    ],
)
def test_names_with_a_leading_dot_stay_inside(lab: CaddyLab, path: str):
    reply = lab.get("blog.localhost", path)
    assert reply.status == 404
    assert SECRET not in reply.body


@pytest.mark.parametrize("up", ["..", "%2e%2e", ".%2e", "%2E%2E", "..;", "..%00", "...", "..%5c", "..\\"])
@pytest.mark.parametrize("slash", ["/", "%2f", "%2F", "//", "\\", "%5c", "/./"])
def test_no_way_leads_out_of_a_release(lab: CaddyLab, up: str, slash: str):
    for depth in range(1, 8):
        for start in ("/", "/docs/"):
            reply = lab.get("blog.localhost", start + f"{up}{slash}" * depth + "secret.txt")
            assert reply.status == 404
            assert SECRET not in reply.body


def test_a_nul_in_a_path_is_refused(lab: CaddyLab):
    for path in ("/index.html%00", "/%00", "/docs%00/", "/index.html%00.jpg"):
        reply = lab.get("blog.localhost", path)
        assert reply.status == 404
        assert reply.headers["content-type"] == "text/html; charset=utf-8"


def test_a_backslash_is_a_sign_like_any_other(lab: CaddyLab):
    assert lab.get("blog.localhost", "/back%5cslash.txt").body == b"a name with a backslash"


def test_a_home_below_a_hidden_folder_works(tmp_path: Path):
    with CaddyLab(tmp_path / ".local" / "share {x}") as hidden:
        hidden.site("blog", "blog.localhost", {"index.html": "here", ".env": "SECRET"})
        assert hidden.get("blog.localhost").body == b"here"
        assert hidden.get("blog.localhost", "/.env").status == 404
        assert hidden.get("blog.localhost", "/none").body.count(b"Page not found") == 2
        assert hidden.log_file.exists()


def test_the_log_has_a_line_for_each_request_and_no_secrets(lab: CaddyLab):
    lab.get("blog.localhost", "/?marked", Authorization="Bearer hidden", Cookie="hidden=1")
    assert poll(lambda: "/?marked" in lab.log_file.read_text())
    lines = [line for line in lab.log_file.read_text().splitlines() if "/?marked" in line]
    entry = json.loads(lines[0])
    assert (entry["status"], entry["request"]["host"]) == (200, "blog.localhost")
    assert "hidden" not in lines[0]
    assert lab.log_file.stat().st_mode & 0o077 == 0


def test_only_the_owner_reaches_the_admin_socket(lab: CaddyLab):
    assert lab.admin_socket.stat().st_mode & 0o077 == 0


def test_a_head_too_long_is_refused(lab: CaddyLab):
    assert lab.get("blog.localhost", "/", X_Long="a" * 15_000).status == 200
    assert lab.get("blog.localhost", "/", X_Long="a" * 40_000).status == 431


def _hasty(config: dict[str, Any], allowed: str = "300ms") -> None:
    server = config["apps"]["http"]["servers"]["sites"]
    for name in ("read_header_timeout", "read_idle_timeout", "write_idle_timeout", "idle_timeout"):
        assert name in server
        server[name] = allowed


HEAD = b" / HTTP/1.1\r\nHost: blog.localhost\r\n"


def test_a_client_that_stops_is_cut(tmp_path: Path):
    with CaddyLab(tmp_path, change=_hasty) as lab:
        lab.site("blog", "blog.localhost", {"index.html": "here", "big.bin": bytes(60_000_000)})
        assert lab.raw(b"GET" + HEAD + b"X-Slow: ") == b""
        assert lab.raw(b"GET" + HEAD + b"\r\n").endswith(b"here")
        for method in (b"POST", b"GET"):
            lab.raw(method + HEAD + b"Content-Length: 1000\r\n\r\nabc")
        with socket.create_connection(("127.0.0.1", lab.port), timeout=30) as wire:
            wire.sendall(b"GET /big.bin HTTP/1.1\r\nHost: blog.localhost\r\n\r\n")
            line = '"uri":"/big.bin"'
            assert poll(lambda: line in lab.log_file.read_text()), "an answer nobody reads went on"


def test_a_client_that_is_slow_but_goes_on_is_served(tmp_path: Path):
    with CaddyLab(tmp_path, change=lambda config: _hasty(config, "1s")) as lab:
        lab.site("blog", "blog.localhost", {"big.bin": bytes(30_000_000)})
        with socket.socket() as wire:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            wire.settimeout(10)
            wire.connect(("127.0.0.1", lab.port))
            wire.sendall(b"GET /big.bin HTTP/1.0\r\nHost: blog.localhost\r\n\r\n")
            began, size = time.monotonic(), 0
            while block := wire.recv(1_000_000):
                size += len(block)
                time.sleep(len(block) / 20_000_000)  # the pace of a slow line, not a wait for anything
        assert size > 30_000_000
        assert time.monotonic() - began > 1.2
