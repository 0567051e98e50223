"""What a Dockerfile says."""

from pathlib import Path

import pytest

from grove import backed, plant, rules
from jarvis.analysis import container
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import dockerfile

WEB = """\
FROM golang:1.24 AS build
EXPOSE 1
CMD ["never"]
RUN go build \\
    # said in between
    -o /app .

FROM alpine
ENV PORT=8080
EXPOSE $PORT
HEALTHCHECK CMD curl -f http://localhost:8080/healthz || exit 1
CMD ["/app", "serve"]
"""


def look(folder: Path, text: str, name: str = "Dockerfile") -> Candidate:
    tree = plant(folder, {name: text})
    return backed(dockerfile.detect(tree), tree)


def test_it_works(tmp_path: Path):
    found = look(tmp_path, WEB)
    assert (found.kind, found.language, found.confidence) == ("dockerfile", "dockerfile", 0.75)
    assert (found.port, found.start_command, found.health_path) == (8080, "/app serve", "/healthz")
    assert next(item.line for item in found.evidence if item.fact == "port") == 10


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("FROM a\nCMD node web.js", "node web.js"),
        ('FROM a\nCMD ["npm", "run", "start"]', "npm run start"),
        ('FROM a\nCMD ["sh", "-c", "a b"]', "sh -c 'a b'"),
        ('FROM a\nENTRYPOINT ["/bin/api"]', "/bin/api"),
        ('FROM a\nENTRYPOINT ["/bin/api"]\nCMD ["--port", "1"]', "/bin/api --port 1"),
        ('FROM a\nENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["node", "a.js"]', "node a.js"),
        ('FROM a\nCMD ["node", "a.js"]\nENTRYPOINT ["docker-entrypoint.sh"]', "node a.js"),
        ('FROM a AS b\nCMD ["x"]\nFROM b', "x"),
        ('FROM a AS b\nCMD ["x"]\nFROM b\nENTRYPOINT ["y"]', "y"),
        ('from a\ncmd ["broken', '["broken'),
        ("FROM a", ""),
    ],
)
def test_what_the_container_runs(tmp_path: Path, text: str, start: str):
    assert look(tmp_path, text).start_command == start


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("FROM a\nEXPOSE 3000/tcp 9229", 3000),
        ("FROM a\nEXPOSE 53/udp 80", 80),
        ("FROM a\nARG P=81\nEXPOSE ${P}", 81),
        ("FROM a\nEXPOSE ${P:-82}", 82),
        ("FROM a\nENV PORT 83", 83),
        ("FROM nginx:alpine", 80),
        ("ARG B=caddy\nFROM ${B}:2", 80),
        ("FROM a\nEXPOSE http", None),
        ("FROM a\nEXPOSE 99999", None),
        ("FROM a AS b\nEXPOSE 84\nFROM b AS c", 84),
        ("FROM a\nRUN <<END\nEXPOSE 1\nEND\nEXPOSE 85", 85),
    ],
)
def test_the_port(tmp_path: Path, text: str, port: int | None):
    assert look(tmp_path, text).port == port


@pytest.mark.parametrize("name", ["Dockerfile", "Containerfile", "Dockerfile.prod", "docker/Dockerfile"])
def test_it_is_found_under_all_its_names(tmp_path: Path, name: str):
    assert look(tmp_path, "FROM a", name).kind == "dockerfile"


def test_a_secret_in_the_image_is_told_without_its_value(tmp_path: Path):
    found = look(tmp_path, "FROM a\nENV API_TOKEN=hunter2 MODE=x\nENV KEY=\n")
    assert rules(found) == ["secret-in-image"]
    assert "API_TOKEN" in found.findings[0].why
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    "text", ["", "# nothing", "RUN a", "FROM", "\\\n\\\n", "CMD [\n", "FROM --platform=x"]
)
def test_what_is_none_is_none(tmp_path: Path, text: str):
    assert dockerfile.detect(plant(tmp_path, {"Dockerfile": text})) is None


def test_a_health_check_that_asks_no_address_has_no_path(tmp_path: Path):
    image = container.read(
        plant(tmp_path, {"Dockerfile": "FROM a\nHEALTHCHECK CMD pg_isready"}), "Dockerfile"
    )
    assert image is not None
    assert image.health_path() is None
    assert image.start() is None
