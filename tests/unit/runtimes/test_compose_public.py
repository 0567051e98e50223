"""Which service of a stack visitors reach, and where."""

from typing import Any

import pytest

from jarvis.errors import InvalidInput
from jarvis.runtimes.compose import public

Json = dict[str, Any]


def document(**services: Json) -> Json:
    return {"services": services}


def ports(*pairs: str, protocol: str = "tcp") -> Json:
    found = [pair.split(":") for pair in pairs]
    return {"ports": [{"published": out, "target": int(inner), "protocol": protocol} for out, inner in found]}


CASES: list[tuple[str, Json]] = [
    ("only", document(only={"image": "x"})),
    ("shop", document(db=ports("5432:5432"), shop=ports("9999:4242"), queue={})),
    ("web", document(web=ports("3000:3000"), admin=ports("9000:9000"))),
    ("front", document(front=ports("80:3000"), api=ports("8000:8000"))),
    ("frontend", document(backend=ports("80:80", "9229:9229"), frontend=ports("3000:3000"), db={})),
    ("edge", document(edge={"image": "nginx:1", **ports("8080:80")}, web=ports("3000:3000"))),
    ("b", document(a=ports("3000:3000"), b={"labels": {"jarvis.public": "true"}})),
    ("b", document(a={}, b={"labels": {"traefik.http.services.x.loadbalancer.server.port": "80"}})),
    ("b", document(a={}, b={"expose": ["8000"]}, db={"expose": ["5432"]})),
    ("app", document(app={}, worker={}, db={})),
    ("site", document(dns=ports("53:53", protocol="udp"), site=ports("81:81"))),
]


def test_it_works() -> None:
    for name, found in CASES:
        assert public.choose(found, "", databases=["db"]) == name


def test_the_settings_say_it_first() -> None:
    found = document(a={"labels": {"jarvis.public": "true"}}, b={})
    assert public.choose(found, "b") == "b"
    with pytest.raises(InvalidInput, match="There is no service “c”"):
        public.choose(found, "c")


def test_what_an_image_says_counts() -> None:
    assert public.choose(document(a={}, b={}), "", exposed={"b": (8000,), "a": ()}) == "b"


@pytest.mark.parametrize(
    "found",
    [
        document(one={}, two={}),
        document(one=ports("3000:3000"), two=ports("8000:8000")),
        document(db={}, cache={}),
    ],
)
def test_where_it_is_not_clear_the_services_are_listed(found: Json) -> None:
    with pytest.raises(InvalidInput) as caught:
        public.choose(found, "", databases=["db", "cache"] if "db" in found["services"] else [])
    assert all(name in caught.value.hint for name in found["services"])
    assert "jarvis.public" in caught.value.hint


@pytest.mark.parametrize(
    ("raw", "wanted", "exposed", "port"),
    [
        ({}, 0, (), 0),
        ({}, 7000, (9,), 7000),
        ({"labels": {"jarvis.port": "7001"}, **ports("80:80")}, 0, (), 7001),
        ({"labels": {"jarvis.port": "much"}, **ports("80:80")}, 0, (), 80),
        ({"labels": {"traefik.http.services.a.loadbalancer.server.port": "7002"}}, 0, (80,), 7002),
        (ports("9999:9999", "8080:3000"), 0, (80,), 3000),
        ({"expose": ["9000", "8000", "53/udp"]}, 0, (80,), 8000),
        ({}, 0, (9999, 8000), 8000),
    ],
)
def test_its_port(raw: Json, wanted: int, exposed: tuple[int, ...], port: int) -> None:
    assert public.port(raw, wanted, exposed) == port


def test_names_in_labels_for_other_proxies_are_only_told() -> None:
    web = {
        "traefik.http.routers.web.rule": "Host(`shop.example.com`, `www.example.com`) && PathPrefix(`/`)",
        "jarvis.domain": "own.example.com",
    }
    api = {
        "caddy": "api.example.com, https://old.example.com:443 :8080 (snippet)",
        "caddy_1": "b.example.com",
    }
    off = {"traefik.enable": "false", "traefik.http.routers.x.rule": "Host(`no.example.com`)"}
    found = document(web={"labels": web}, api={"labels": api}, off={"labels": off})
    said = public.suggestions(found, ["www.example.com"])
    assert [one.partition(" for ")[0].rpartition(" ")[2] for one in said] == [
        "api.example.com",
        "b.example.com",
        "old.example.com",
        "shop.example.com",
    ]
    assert said[0].endswith("deploy with --domain api.example.com, or set it: domains=api.example.com.")


def test_the_own_label_says_the_names() -> None:
    found = document(
        web={"labels": {"jarvis.domain": "a.example.com, b.example.com a.example.com"}}, other={}
    )
    assert public.domains(found, "web") == ("a.example.com", "b.example.com")
    assert public.domains(found, "other") == ()
    assert public.domains(found, "") == ()


@pytest.mark.parametrize(
    ("labels", "port"),
    [
        ({"caddy.reverse_proxy": "{{upstreams 8080}}"}, 8080),
        ({"caddy_0.reverse_proxy": "/api/* {{ upstreams http 9001 }}"}, 9001),
        ({"caddy.1_reverse_proxy": "{{upstreams https 9443}}"}, 9443),
        ({"caddy.reverse_proxy": "{{upstreams}}"}, 0),
        ({"traefik.enable": "false", "traefik.http.services.a.loadbalancer.server.port": "7002"}, 0),
    ],
)
def test_the_port_in_labels_for_other_proxies(labels: dict[str, str], port: int) -> None:
    assert public.port({"labels": labels}, 0) == port


def test_a_label_of_caddy_makes_a_service_the_public_one() -> None:
    found = document(
        a={}, b={"labels": {"caddy": "x.example.com", "caddy.reverse_proxy": "{{upstreams 80}}"}}
    )
    assert public.choose(found, "") == "b"
