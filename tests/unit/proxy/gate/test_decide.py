"""What the rules of a release say about a request."""

from collections.abc import Callable
from typing import Any

import pytest

from jarvis.proxy.gate.decide import Rules
from jarvis.proxy.gate.exits import Answer, Pass
from jarvis.proxy.rules import headers, redirects


def rules(lines: str = "", about: str = "", **settings: Any) -> Rules:
    found = {"redirects": redirects.read(lines.encode())[0], "headers": headers.read(about.encode())[0]}
    return Rules({"service": "shop", **found, **settings})


def nothing(_: str) -> bool:
    return False


def asked(lines: str, uri: str, there: Callable[[str], bool] = nothing) -> tuple[int, str]:
    """The status and the place of a redirect, 200 and the path of a rewrite."""
    found = rules(lines).decide(uri, there)
    if isinstance(found, Answer):
        return found.status, dict(found.headers)["Location"]
    return (404 if found.missing else 200), found.path


def test_it_works():
    assert asked("/old /new 302", "/old") == (302, "/new")
    assert asked("/old /new 302", "/other") == (200, "")


@pytest.mark.parametrize(
    ("line", "uri", "place"),
    [
        ("/a/* /b/:splat", "/a/x/y", "/b/x/y"),
        ("/a/* /b/:splat", "/a", "/b/"),
        ("/a /b", "/a/", "/b"),
        ("/a /b", "/a?x=1&y=2", "/b?x=1&y=2"),
        ("/a /b?z=3", "/a?x=1", "/b?z=3"),
        ("/a /b#part", "/a?x=1", "/b?x=1#part"),
        ("/:y/:m /posts/:m-:y", "/2024/05", "/posts/05-2024"),
        ("/a id=:id /b/:id", "/a?id=7&x=1", "/b/7"),
        ("/a id=:id /b?of=:id", "/a?id=7%26y=8", "/b?of=7%26y%3D8"),
        ("/a/* https://b.example/:splat", "/a/x%20y", "https://b.example/x%20y"),
        ("/ä /b", "/%C3%A4", "/b"),
        ("/a/* /:splat", "/a//evil.example", "/evil.example"),
        ("/a/* /:splat", "/a/%2F/evil.example", "/evil.example"),
        ("/a/* /:splat", "/a/\\evil.example", "/%5Cevil.example"),
        ("/a/* /b/:splat", "/a/%0d%0aX: 1", "/b/%0D%0AX:%201"),
        ("/a/* /b/:splat", "/a/%ff", "/b/%FF"),
        ("/a/* /b/:splat", "/a/:splat", "/b/:splat"),
    ],
)
def test_where_a_redirect_leads(line: str, uri: str, place: str):
    assert asked(line, uri) == (301, place)


@pytest.mark.parametrize(
    ("line", "uri"),
    [
        ("/a id=:id /b/:id", "/a"),
        ("/a lang=en /b", "/a?lang=de"),
        ("/about /about/", "/about/"),
        ("/* /index.html", "/index.html"),
    ],
)
def test_what_it_does_not_lead_away(line: str, uri: str):
    assert asked(line, uri) == (200, "")


def test_the_first_rule_that_is_true_counts():
    lines = "/a/one /x\n/a/* /y\n/a/two /z\n/a/three /w"
    assert [asked(lines, f"/a/{name}")[1] for name in ("one", "two", "three")] == ["/x", "/y", "/y"]
    assert asked("/a lang=de /de\n/a /en", "/a?lang=fr")[1] == "/en?lang=fr"


def test_what_is_there_is_shown_unless_the_rule_insists():
    assert asked("/a /b", "/a", lambda path: path == "/a") == (200, "")
    assert asked("/a /b 301!", "/a", lambda path: path == "/a") == (301, "/b")


def test_a_page_in_place_of_another():
    assert asked("/app/* /index.html 200", "/app/x?y=1") == (200, "/index.html")
    assert asked("/en/* /en/404.html 404", "/en/x") == (404, "/en/404.html")
    assert asked("/i/* /:splat 200", "/i/a%20b") == (200, "/a%20b")


def test_headers_of_all_blocks_that_are_true():
    first = "/*\n  X-A: 1\n  X-B: b\n  Set-Cookie: a=1\n"
    about = first + "/x/:name\n  x-a: 2\n  ! X-B\n  Set-Cookie: b=2\n  Link: </:name>"
    found = rules("", about).decide("/x/y%20z?q", nothing)
    assert isinstance(found, Pass)
    assert found.headers == (
        ("X-A", "1, 2"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Link", "</y%20z>"),
    )
    assert rules("", about).decide("/", nothing) != found


def test_headers_of_the_proxy_give_way():
    found = rules("", "/*\n  cache-control: no-store\n  ! X-Content-Type-Options").decide("/", nothing)
    assert isinstance(found, Pass)
    assert found.drop == ("Cache-Control", "X-Content-Type-Options")


def test_a_name_that_leads_to_another_keeps_port_path_and_query():
    leading = rules(hosts={"www.a.example": "a.example"})
    assert leading.leads_to("a.example", "/") is None
    star = leading.leads_to("www.a.example", "*")
    assert star is not None
    assert dict(star.headers)["Location"] == "//a.example/"
    for host, place in (("www.a.example", "//a.example/x?y"), ("www.a.example:8080", "//a.example:8080/x?y")):
        found = leading.leads_to(host, "/x?y")
        assert found is not None
        assert (found.status, dict(found.headers)["Location"]) == (308, place)


def test_parts_that_other_services_answer():
    routed = rules(
        routes={"api": {"service": "back", "strip": True}, "docs": {"service": "wiki", "strip": False}}
    )
    assert routed.route("GET", "/api/x") == Pass("back", strip="/api")
    assert routed.route("POST", "/api") == Pass("back", strip="/api")
    assert routed.route("GET", "/docs") == Pass("wiki")
    assert routed.route("GET", "/apis") is None
    assert routed.route("GET", "/x/api") is None
    found = routed.route("GET", "/api?x=1")
    assert isinstance(found, Answer)
    assert dict(found.headers)["Location"] == "/api/?x=1"
