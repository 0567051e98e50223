import pytest

from jarvis.artifacts import git
from jarvis.errors import InvalidInput, JarvisError, NotFound, Unavailable

ADDRESS = "https://git.example.org/me/site.git"


def test_it_works() -> None:
    git.check(ADDRESS, "main")
    assert git.repository_name(ADDRESS) == "site"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/site",
        "https://example.org:8443/site",
        "ssh://git@example.org/site.git",
        "ssh://git@example.org:2222/site.git",
        "git://127.0.0.1:9418/site",
        "git@example.org:me/site.git",
    ],
)
@pytest.mark.parametrize("ref", ["", "main", "v1.2", "feature/a_b-c", "0" * 40, "a@b", "a+b"])
def test_addresses_and_refs_of_every_kind_are_taken(url: str, ref: str) -> None:
    git.check(url, ref)


@pytest.mark.parametrize(
    "url",
    [
        "", "site", "/srv/site", "file:///srv/site", "ext::sh -c id", "-oProxyCommand=id", "--upload-pack=id",
        "https://", "https://example.org/a b", "https://example.org/a\nb", "https://example.org/a\x00b",
        "ftp://example.org/site", "fd::17", "git@host", "HTTPS//x", "https://example.org/" + "x" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        git.check(url, "")
    assert caught.value.facts["field"] == "url"


@pytest.mark.parametrize(
    "url", ["https://me:secret@example.org/site", "http://:secret@example.org/", "ssh://a:b@example.org/x"]
)
def test_a_password_in_the_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(InvalidInput, match="holds a password") as caught:
        git.check(url, "")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "ref", ["-x", "--all", "a b", "a..b", "a:b", "a^", "a~1", "+main", ".x", "x\n", "ä", "x" * 256, "refs/*"]
)
def test_what_is_no_name_of_a_commit_is_refused(ref: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        git.check(ADDRESS, ref)
    assert caught.value.facts["field"] == "ref"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.org/me/site.git", "site"),
        ("https://example.org/me/site/", "site"),
        ("https://example.org/me/site.git/", "site"),
        ("git@example.org:site.git", "site"),
        ("git@example.org:me/site", "site"),
        ("https://example.org/.git", "repository"),
    ],
)
def test_a_repository_is_called_as_the_end_of_its_address(url: str, name: str) -> None:
    assert git.repository_name(url) == name


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("fatal: couldn't find remote ref nope", NotFound, "no branch, tag or commit “nope”"),
        ("x\nfatal: remote error: upload-pack: not our ref 00", NotFound, "no branch, tag or commit"),
        ("remote: Repository not found.\nfatal: repository 'x' not found", NotFound, "no repository at"),
        ("fatal: remote error: access denied or repository not exported: /x", NotFound, "no repository at"),
        (
            "fatal: could not read Username for 'x': terminal prompts disabled",
            NotFound,
            "a password or a key",
        ),
        ("git@x: Permission denied (publickey).\nfatal: No.", NotFound, "a password or a key"),
        ("fatal: unable to access 'x': The requested URL returned error: 403", NotFound, "a password"),
        ("fatal: unable to connect to x: Connection refused", Unavailable, "Connection refused"),
        ("fatal: unable to access 'x': Could not resolve host: y", Unavailable, "Could not resolve host"),
        ("", Unavailable, "git said nothing"),
    ],
)
def test_the_last_words_of_git_become_a_sentence(said: str, kind: type[JarvisError], words: str) -> None:
    error = git._reason(ADDRESS, "nope", said)
    assert type(error) is kind
    assert words in error.message
    assert ADDRESS in error.message
    assert error.hint
