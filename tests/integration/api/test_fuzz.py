"""Whatever is sent to the operations of the document, Jarvis does not break."""

from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api_lab import NOBODY, Api
from jarvis.accounts.roles import Role
from jarvis.api.openapi import document

CALLS = [
    (method, path, item) for path, methods in document()["paths"].items() for method, item in methods.items()
]
WORDS = st.one_of(
    st.text(max_size=40).map(lambda text: text.encode(errors="surrogatepass")),
    st.binary(max_size=20),
    st.sampled_from([NOBODY.encode(), b"shop", b"1", b"0", b"-1", b"running", b"a" * 5000, b"%", b"\x00"]),
)
HEADERS = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_categories=["Cc"]), max_size=40),
    st.sampled_from(
        ["0", "1", "5", "-1", "9" * 20, "bytes=0-", "sha-256=:AAAA:", "filename YQ==", "0" * 64, "a" * 5000]
    ),
)
FORMS = st.lists(
    st.sampled_from(
        [
            *(b"--x\r\n", b"--x--\r\n", b"\r\n\r\n", b"\r\n", b'"', b"a", b"../a", b"\x00", b"\xff"),
            b'Content-Disposition: form-data; name="file"; filename="',
            b'Content-Disposition: form-data; name="filename"',
        ]
    ),
    max_size=12,
).map(b"".join)
KEYS = st.one_of(st.text(max_size=10), st.sampled_from(["artifact_id", "name", "domain", "deployment_id"]))
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(NOBODY),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, dict[str, Any]]:
    """A request to one operation: ids, query and body as they come."""
    method, path, item = draw(st.sampled_from(CALLS))
    query: list[str] = []
    headers: dict[str, str] = {}
    for parameter in item["parameters"]:
        word = quote(draw(WORDS), safe="")
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", word or "x")
        elif parameter["in"] == "header":
            if draw(st.booleans()):
                headers[parameter["name"]] = draw(HEADERS)
        elif draw(st.booleans()):
            query.append(f"{parameter['name']}={word}")
    options: dict[str, Any] = {}
    if "requestBody" in item:
        kinds = [*item["requestBody"]["content"], "multipart/form-data; boundary=x", ""]
        typed = st.fixed_dictionaries({"data": WORDS | FORMS, "content_type": st.sampled_from(kinds)})
        options = draw(st.fixed_dictionaries({"json": JSON}) | typed)
    options["headers"] = headers
    return method.upper(), path + ("?" + "&".join(query) if query else ""), options


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(requests())
def test_it_works(api: Api, request_: tuple[str, str, dict[str, Any]]) -> None:
    method, path, options = request_
    answer = api.ask(method, path, Role.ADMIN, **options)
    assert answer.status_code < 500, (method, path, options, answer.text)
