"""The two files that are run of a compose file."""

from dataclasses import replace
from typing import Any

from jarvis.runtimes.compose import groups, override
from jarvis.runtimes.compose.override import Names
from jarvis.runtimes.compose.stack import Stack

Json = dict[str, Any]

DOCUMENT: Json = {
    "services": {
        "web": {
            "image": "web:1",
            "container_name": "mine",
            "ports": [{"target": 8000, "published": "80"}, {"target": 9, "published": "9"}],
            "labels": {"jarvis.owner": "somebody", "com.docker.compose.project": "x", "team": "a"},
            "depends_on": {"db": {"condition": "service_healthy"}},
            "links": ["db:database"],
            "networks": {"default": None, "lan": {"aliases": ["x"]}},
            "logging": {"driver": "syslog"},
            "scale": 3,
        },
        "api": {
            "build": {"context": "/a"},
            "networks": {"back": {"aliases": ["backend"]}},
            "restart": "always",
        },
        "db": {"image": "db:1", "volumes": [{"type": "volume", "source": "data", "target": "/data"}]},
    },
    "networks": {"default": {}, "back": {}, "lan": {"name": "office", "external": True}},
    "volumes": {"data": {"name": "x_data"}},
}
STACK = Stack(
    service="shop",
    release="r",
    document=DOCUMENT,
    public="web",
    port=8000,
    images={name: f"sha256:{name}" for name in DOCUMENT["services"]},
    kept=groups.reasons(DOCUMENT),
    once=groups.once(DOCUMENT),
)
NAMES = Names(
    project="jarvis-shop",
    deployment="0123456789ab",
    network="net",
    volumes={"data": "jarvis-shop-data"},
    labels={"jarvis.owner": "me", "jarvis.service": "shop"},
    addresses={"web": "10.0.0.9"},
)


def test_it_works() -> None:
    made = override.fresh(STACK, NAMES)
    assert made["name"] == "jarvis-shop-01234567"
    assert set(made["services"]) == {"web-01234567", "api-01234567"}
    web = made["services"]["web-01234567"]
    assert (web["image"], web["pull_policy"]) == ("sha256:web", "never")
    assert web["container_name"] == "jarvis-shop-01234567-web"
    assert web["security_opt"] == ["no-new-privileges:true"]
    assert web["restart"] == "unless-stopped"
    assert web["logging"] == override.LOGGING
    assert web["labels"] == {
        "team": "a",
        "jarvis.owner": "me",
        "jarvis.service": "shop",
        "jarvis.deployment": "0123456789ab",
        "jarvis.stack": "web",
        "jarvis.group": "fresh",
    }
    assert not {"ports", "depends_on", "links", "scale"} & web.keys()
    assert made["services"]["api-01234567"]["restart"] == "always"
    assert "build" not in made["services"]["api-01234567"]


def test_both_versions_can_be_in_the_shared_network_without_answering_for_each_other() -> None:
    made = override.fresh(STACK, NAMES)
    web, api = made["services"]["web-01234567"], made["services"]["api-01234567"]
    assert web["networks"]["own"] == {"aliases": ["web", "x"]}
    assert web["networks"]["shared"] == {"ipv4_address": "10.0.0.9"}
    assert api["networks"] == {"own": {"aliases": ["api", "backend"]}, "shared": {}}
    assert web["networks"]["foreign-lan"] == {"aliases": ["web"]}
    assert made["networks"]["foreign-lan"] == {"name": "office", "external": True}
    assert made["networks"]["own"]["name"] == "jarvis-shop-01234567"
    kept = override.kept(STACK, NAMES)["services"]["db"]
    assert kept["networks"] == {"shared": {"aliases": ["database", "db"]}}


def test_what_is_kept_says_nothing_of_the_deployment() -> None:
    made = override.kept(STACK, NAMES)
    assert made == override.kept(STACK, replace(NAMES, deployment="another one"))
    assert made["name"] == "jarvis-shop"
    assert set(made["services"]) == {"db"}
    assert made["volumes"] == {"data": {"name": "jarvis-shop-data", "external": True}}


def test_ports_lead_into_containers_only_where_they_may() -> None:
    web = override.fresh(STACK, replace(NAMES, ports=True))["services"]["web-01234567"]
    assert web["ports"] == [{"target": 9, "published": "9"}], "the proxy has the other one"
    assert any("jarvis allow shop ports" in line for line in override.notes(STACK, ports=False))
    assert not any("jarvis allow" in line for line in override.notes(STACK, ports=True))


def test_a_command_beside_it_has_neither_its_name_nor_its_address() -> None:
    made = override.once(STACK, NAMES, ("ls", "-l"), "jarvis-shop-run-1")["services"]["once"]
    assert (made["command"], made["entrypoint"], made["restart"]) == (["ls", "-l"], [], "no")
    assert "container_name" not in made
    assert made["networks"]["shared"] == {}
    assert made["networks"]["own"] == {}
    assert "jarvis.deployment" not in made["labels"]


def test_a_single_service_gets_no_network_of_its_own() -> None:
    services = {name: raw for name, raw in DOCUMENT["services"].items() if name != "api"}
    alone = replace(STACK, document={**DOCUMENT, "services": services})
    made = override.fresh(alone, NAMES)
    assert "own" not in made["networks"]
    assert made["services"]["web-01234567"]["networks"]["shared"] == {"ipv4_address": "10.0.0.9"}


def test_secrets_keep_their_signs() -> None:
    document = {"services": {"web": {**DOCUMENT["services"]["web"], "environment": {"WORD": "a$b"}}}}
    alone = replace(STACK, document=document, kept={})
    assert override.fresh(alone, NAMES)["services"]["web-01234567"]["environment"] == {"WORD": "a$b"}
