"""Which site answers to which name, and what a visitor sees where there is none."""

import pytest

from caddy_lab import CaddyLab
from jarvis.proxy import site
from jarvis.proxy.pages import FORBIDDEN, NO_PAGE, NO_SITE, NOT_ALLOWED


def test_it_works(lab: CaddyLab):
    reply = lab.get("blog.localhost")
    assert reply.status == 200
    assert reply.body.startswith(b"<h1>hello</h1>")
    assert lab.get("shop.localhost").body == b"shop"


@pytest.mark.parametrize(
    "host",
    [
        "BLOG.localhost",
        "bLoG.LocalHost",
        "blog.localhost.",
        "Blog.Localhost.",
        "blog.localhost:80",
        "BLOG.localhost.:8080",
    ],
)
def test_case_a_last_dot_and_a_port_do_not_matter(lab: CaddyLab, host: str):
    assert lab.get(host).body.startswith(b"<h1>hello</h1>")
    assert lab.get(host, "/none").body.decode() == NO_PAGE
    assert lab.get(host, "/docs").headers["location"] == "/docs/"


@pytest.mark.parametrize(
    "host",
    [
        "nobody.localhost",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "..",
        ".",
        "...",
        "..:80",
        ".blog.localhost",
        "blog..localhost",
        "blog.localhost..",
        "blog.localhost:x",
        "%2e%2e",
        "*",
        "~",
        "blog.localhost'",
        "a:b:c",
    ],
)
def test_no_site_under_any_other_name(lab: CaddyLab, host: str):
    for path in ("/", "/404.html", "/blog.localhost/current/index.html"):
        reply = lab.get(host, path)
        assert (reply.status, reply.body.decode()) == (404, NO_SITE)
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["content-type"] == "text/html; charset=utf-8"
        assert "server" not in reply.headers


@pytest.mark.parametrize(
    "host", ["blog.localhost/../..", "a b", "<script>", "a\\b", "a\x00b", "a@b", "ä.localhost"]
)
def test_a_host_that_is_no_host_is_refused(lab: CaddyLab, host: str):
    answer = lab.raw(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"script" not in answer


def test_two_hosts_in_one_request_are_refused(lab: CaddyLab):
    two = b"GET / HTTP/1.1\r\nHost: blog.localhost\r\nHost: shop.localhost\r\nConnection: close\r\n\r\n"
    assert lab.raw(two).startswith(b"HTTP/1.1 400 ")


def test_no_host_at_all_is_no_site(lab: CaddyLab):
    assert NO_SITE.encode() in lab.raw(b"GET / HTTP/1.0\r\n\r\n")
    assert lab.get("").body.decode() == NO_SITE


def test_a_name_in_the_request_line_wins_over_the_header(lab: CaddyLab):
    whole = b"GET http://BLOG.localhost/ HTTP/1.1\r\nHost: shop.localhost\r\nConnection: close\r\n\r\n"
    assert b"<h1>hello</h1>" in lab.raw(whole)


def test_a_host_longer_than_a_file_name_is_no_site(lab: CaddyLab):
    for dots in (4, 5, 50):
        _too_long(lab, ".".join(["a" * 60] * dots) + ".aaaaaaaaaaaaa")


def _too_long(lab: CaddyLab, host: str) -> None:
    assert len(host) > 253
    reply = lab.get(host)
    assert (reply.status, reply.body.decode()) == (404, NO_SITE)
    assert "server" not in reply.headers


def test_a_missing_page_is_the_sites_own(lab: CaddyLab):
    for headers in ({}, {"Range": "bytes=0-3"}, {"If_None_Match": "*"}, {"Accept_Encoding": "gzip"}):
        reply = lab.get("shop.localhost", "/none.css", **headers)
        assert (reply.status, reply.body) == (404, b"<h1>our own page</h1>")
        assert reply.headers["content-type"] == "text/html; charset=utf-8"
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert not {"etag", "last-modified", "content-range", "server"} & reply.headers.keys()


def test_a_missing_page_is_a_plain_one_where_the_site_has_none(lab: CaddyLab):
    for path in (
        "/none",
        "/none.js",
        "/docs/none/",
        "/empty/",
        "/empty",
        "/app-0f0f0f0f.js",
        "/index.html/none",
        "/" + "a" * 300,
    ):
        reply = lab.get("blog.localhost", path)
        assert (reply.status, reply.body.decode()) == (404, NO_PAGE)
        assert reply.headers["cache-control"] == "no-store"


def test_a_site_without_a_release_is_no_site(lab: CaddyLab):
    lab.site("gone", "gone.localhost", {"index.html": "here"})
    assert lab.get("gone.localhost").status == 200
    (lab.www / "services/gone/current").unlink()
    assert lab.get("gone.localhost").body.decode() == NO_SITE
    lab.site("gone", "gone.localhost", {"index.html": "here"})
    site.unpublish(lab.www, service="gone")
    assert lab.get("gone.localhost").body.decode() == NO_SITE


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get"])
def test_sites_only_hand_out(lab: CaddyLab, method: str):
    for host, path in (("blog.localhost", "/"), ("blog.localhost", "/none"), ("nobody.localhost", "/")):
        reply = lab.get(host, path, method=method, Content_Length="0")
        assert reply.status == 405
        assert reply.headers["allow"] == "GET, HEAD"
        assert reply.body.decode() == NOT_ALLOWED


def test_head_says_the_same_without_the_body(lab: CaddyLab):
    for path in ("/", "/docs", "/none", "/app-4fa9c1d2.js"):
        whole, head = lab.get("blog.localhost", path), lab.get("blog.localhost", path, method="HEAD")
        assert head.body == b""
        assert head.status == whole.status
        varying = {"date", "content-length", "content-type"} if path == "/docs" else {"date"}
        assert {k: v for k, v in head.headers.items() if k not in varying} == {
            k: v for k, v in whole.headers.items() if k not in varying
        }


@pytest.mark.user_only
def test_what_may_not_be_read_is_not_shown(lab: CaddyLab):
    lab.site("shy", "shy.localhost", {"file.txt": "secret", "folder/file.txt": "secret"})
    for name in ("file.txt", "folder"):
        (lab.home / "releases/shy/r1" / name).chmod(0)
    file, inside = lab.get("shy.localhost", "/file.txt"), lab.get("shy.localhost", "/folder/file.txt")
    (lab.home / "releases/shy/r1/folder").chmod(0o700)
    assert file.status in {403, 404}  # Caddy's own choice; a folder it cannot enter is always 403
    assert (inside.status, inside.body.decode()) == (403, FORBIDDEN)
    assert b"secret" not in file.body


def test_five_thousand_sites_are_one_route(lab: CaddyLab):
    before = (lab.home / "caddy.json").read_bytes()
    known = [entry.name for entry in (lab.www / "sites").iterdir()]
    hosts = [f"s{number}.example" for number in range(5000)]
    for host in hosts:
        (lab.www / "sites" / host).symlink_to("../services/many")
    release = lab.release("many", "r1", {"index.html": "many"})
    site.publish(lab.www, service="many", hosts=hosts, release=release)
    assert lab.get("s0.example").status == lab.get("s4999.example").status == 200
    assert lab.get("s5000.example").status == 404
    assert len(site.hosts_of(lab.www, "many")) == 5000
    site.unpublish(lab.www, service="many")
    assert lab.get("s0.example").status == 404
    assert sorted(entry.name for entry in (lab.www / "sites").iterdir()) == sorted(known)
    assert (lab.home / "caddy.json").read_bytes() == before
