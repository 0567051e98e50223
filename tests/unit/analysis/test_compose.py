"""What a compose file says."""

from pathlib import Path

import pytest

from grove import backed, engines, plant, rules
from jarvis.analysis import stack
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import compose
from jarvis.analysis.engines import of_addon, of_image

SHOP = """\
services:
  web:
    build: .
    ports: ["8080:80"]
    depends_on: [api]
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost/healthz"]
  api:
    build:
      context: ./api
    environment:
      BROKER_URL: amqp://rabbit.example.com
    depends_on:
      db:
        condition: service_healthy
  db:
    image: postgres:16
"""


def look(folder: Path, text: str, name: str = "compose.yaml") -> Candidate:
    tree = plant(folder, {name: text})
    return backed(compose.detect(tree), tree)


def parse(folder: Path, text: str) -> list[stack.Service]:
    return stack.services(plant(folder, {"compose.yaml": text}), "compose.yaml")


def test_it_works(tmp_path: Path):
    found = look(tmp_path, SHOP)
    assert (found.kind, found.language, found.confidence) == ("compose", "compose", 0.85)
    assert (found.port, found.health_path, found.start_command) == (8080, "/healthz", "docker compose up")
    assert engines(found) == {"rabbitmq": "required", "postgres": "required"}
    assert next(item.line for item in found.needs if item.engine == "postgres") == 16


@pytest.mark.parametrize("name", stack.NAMES)
def test_it_is_found_under_all_its_names(tmp_path: Path, name: str):
    assert look(tmp_path, SHOP, name).start_command == "docker compose up"


def test_one_that_compose_does_not_look_for_is_named_in_the_command(tmp_path: Path):
    found = look(tmp_path, SHOP, "docker-compose.prod.yml")
    assert found.start_command == "docker compose --file docker-compose.prod.yml up"


@pytest.mark.parametrize(
    ("ports", "pair"),
    [
        ('["8080:80"]', (8080, 80)), ('["80"]', (80, 80)), ("[3000]", (3000, 3000)),
        ('["127.0.0.1:8000:80"]', (8000, 80)), ('["[::1]:8000:80/tcp"]', (8000, 80)), ('["53:53/udp"]', None),
        ('["9229:9229", "3000:3000"]', (3000, 3000)), ('["${P:-8081}:80"]', (8081, 80)),
        ('["3000-3005:3000-3005"]', (3000, 3000)), ("[{target: 80, published: 8080}]", (8080, 80)),
        ("[{target: 80, published: '8080-8090', protocol: tcp}]", (8080, 80)), ("[nonsense, null, []]", None),
        ("7", None), ('["99999:80"]', (80, 80)), ('["1:0"]', None),
    ],
)  # fmt: skip
def test_ports(tmp_path: Path, ports: str, pair: tuple[int, int] | None):
    (service,) = parse(tmp_path, f"services:\n  a:\n    image: x\n    ports: {ports}\n")
    assert stack.port_of(service) == pair


def test_the_public_service_is_the_one_with_a_port_of_the_web(tmp_path: Path):
    services = parse(
        tmp_path,
        "services:\n  db: {image: mysql, ports: ['3306:3306']}\n  mail: {image: m, ports: ['1025:1025']}\n"
        "  site: {image: s, ports: ['8000:8000']}\n  inner: {image: i}\n",
    )
    first = stack.public(services)
    assert first is not None
    assert first.name == "site"


def test_databases_are_reached_through_other_services_too(tmp_path: Path):
    services = parse(tmp_path, SHOP)
    assert [item.name for item in stack.uses(services, services[0])] == ["db"]


def test_services_that_depend_on_each_other_do_not_hang(tmp_path: Path):
    services = parse(
        tmp_path, "services:\n  a: {image: x, depends_on: [b]}\n  b: {image: y, depends_on: [a]}\n"
    )
    assert list(stack.uses(services, services[0])) == []


def test_the_first_format_had_services_at_the_top(tmp_path: Path):
    (service,) = parse(tmp_path, "web:\n  image: redis:7\n  links: ['db:database']\n")
    assert (service.name, service.engine, service.after) == ("web", "redis", ("db",))


@pytest.mark.parametrize(
    ("member", "rule"),
    [
        ("privileged: true", "privileged"),
        ("network_mode: host", "host-namespace"),
        ("pid: host", "host-namespace"),
        ("cap_add: [SYS_ADMIN]", "capability"),
        ("volumes: ['/var/run/docker.sock:/var/run/docker.sock']", "docker-socket"),
        ("volumes: [{type: bind, source: /var/run/docker.sock, target: /s}]", "docker-socket"),
        ("volumes: ['/srv/data:/data']", "host-mount"),
        ("volumes: ['../other:/data']", "host-mount"),
        ("volumes: ['~/.ssh:/keys:ro']", "host-mount"),
        ("volumes: [{type: bind, source: /etc, target: /s}]", "host-mount"),
    ],
)
def test_a_danger_is_told(tmp_path: Path, member: str, rule: str):
    found = look(tmp_path, f"services:\n  a:\n    image: x\n    {member}\n")
    assert rules(found) == [rule]
    assert "The service a " in found.findings[0].why
    assert found.findings[0].line == 2


@pytest.mark.parametrize(
    "member",
    [
        "privileged: false", "network_mode: bridge", "cap_add: [NET_ADMIN]", "volumes: ['data:/data']",
        "volumes: ['./site:/site:ro']", "volumes: ['/data']", "volumes: ['/etc/localtime:/etc/localtime:ro']",
        "volumes: {}", "cap_add: x",
    ],
)  # fmt: skip
def test_what_is_harmless_is_not_told(tmp_path: Path, member: str):
    assert rules(look(tmp_path, f"services:\n  a:\n    image: x\n    {member}\n")) == []


def test_a_database_that_is_open_to_the_world_is_told(tmp_path: Path):
    found = look(tmp_path, "services:\n  db:\n    image: postgres\n    ports: ['5432:5432']\n")
    assert rules(found) == ["published-database"]
    assert found.port is None


@pytest.mark.parametrize(
    ("image", "engine"),
    [
        ("postgres", "postgres"), ("postgres:16-alpine", "postgres"), ("bitnami/postgresql:16", "postgres"),
        ("docker.io/library/postgres@sha256:" + "a" * 64, "postgres"), ("pgvector/pgvector:pg16", "postgres"),
        ("localhost:5000/mariadb:11", "mysql"), ("mysql/mysql-server", "mysql"), ("mongo:7", "mongodb"),
        ("valkey/valkey:8", "redis"), ("mcr.microsoft.com/mssql/server:2022-latest", "mssql"),
        ("docker.elastic.co/elasticsearch/elasticsearch:8.1.0", "elasticsearch"),
        ("rabbitmq:3-management", "rabbitmq"),
        ("confluentinc/cp-kafka:7", "kafka"), ("amazon/dynamodb-local", "dynamodb"),
        ("gvenzl/oracle-free", "oracle"),
        ("dpage/pgadmin4", ""), ("mongo-express", ""), ("phpmyadmin", ""), ("nginx", ""), ("", ""),
        ("oliver006/redis_exporter", ""), ("example/server", ""),
    ],
)  # fmt: skip
def test_engines_of_images(image: str, engine: str):
    assert of_image(image) == engine


def test_engines_of_addons():
    assert [of_addon(name) for name in ("heroku-postgresql:essential-0", "jawsdb", "papertrail")] == [
        "postgres",
        "mysql",
        "",
    ]


@pytest.mark.parametrize("text", ["", "\n", "version: '3'", "[]", "x: 1"])
def test_a_file_without_services_is_none(tmp_path: Path, text: str):
    assert compose.detect(plant(tmp_path, {"compose.yaml": text})) is None


@pytest.mark.parametrize(
    "text", ["services: [1]", "services: {a: 1}", "services:\n  a: !reset\n", "services: {a: ["]
)
def test_a_file_that_cannot_be_read_is_a_guess(tmp_path: Path, text: str):
    found = look(tmp_path, text)
    assert found.confidence == 0.3
    assert found.against
