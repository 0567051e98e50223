from collections.abc import Iterator

import pytest
from flask import Flask

from jarvis.web import pages
from jarvis.web.login import local


@pytest.fixture(autouse=True)
def inside_an_app() -> Iterator[None]:
    app = Flask(__name__)
    app.register_blueprint(pages.blueprint)
    with app.test_request_context():
        yield


@pytest.mark.parametrize("target", ["/", "/services/shop", "/deployments/1?a=b#c", "/api/docs", "/:80/"])
def test_it_works(target: str) -> None:
    assert local(target) == target


@pytest.mark.parametrize(
    "target",
    [
        "",
        "services",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "/\n/evil.example",
        " //evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "http:/evil.example",
        "/a\x00b",
    ],
)
def test_nobody_is_sent_to_another_host(target: str) -> None:
    assert local(target) == "/"
