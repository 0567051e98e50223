"""Names of services."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Settings
from jarvis.deployments.addresses.names import from_domain, service_name, slug, url
from jarvis.dns.names import host
from jarvis.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My Site.zip", "my-site"),
        ("site.tar.gz", "site"),
        ("site.tgz", "site"),
        ("page.html", "page"),
        ("my_blog", "my-blog"),
        ("v1.2.zip", "v1-2"),
        ("--a--", "a"),
        ("", "site"),
        (".zip", "site"),
        ("日本.zip", "site"),
        ("x" * 100, "x" * 63),
        ("a" * 62 + "-b", "a" * 62),
    ],
)
def test_it_works(text: str, name: str) -> None:
    assert slug(text) == name


@given(st.text(max_size=300))
def test_whatever_a_file_is_called_its_service_has_a_good_name(text: str) -> None:
    assert service_name(slug(text)) == slug(text)


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("shop.localhost", "shop"),
        ("shop.example.com", "shop-example-com"),
        ("a.b.localhost", "a-b"),
        ("xn--bcher-kva.example", "xn--bcher-kva-example"),
        (f"{'a' * 62}.example.com", "a" * 62),
        ("localhost.localhost", "localhost"),
    ],
)
def test_a_domain_gives_a_name(domain: str, name: str) -> None:
    assert from_domain(domain) == name


LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True)


@given(st.lists(LABEL, min_size=1, max_size=3), st.sampled_from(["localhost", "com", "example"]))
def test_every_domain_gives_a_good_name(labels: list[str], last: str) -> None:
    name = from_domain(host(".".join([*labels, last])))
    assert service_name(name) == name


@pytest.mark.parametrize(
    "text", ["", "-a", "a-", "A", "a.b", "a b", "a\n", "ü", "a" * 64, "a/b", "..", "a\x00"]
)
def test_what_is_no_label_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        service_name(text)
    assert caught.value.facts == {"field": "name"}


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        (Settings(), "http://a.localhost:8080/"),
        (Settings(http_port=80), "http://a.localhost/"),
        (Settings(public_port=80), "http://a.localhost/"),
        (Settings(http_port=80, public_port=8443), "http://a.localhost:8443/"),
    ],
)
def test_the_address_names_the_port_that_visitors_use(settings: Settings, address: str) -> None:
    assert url("a.localhost", settings) == address
