"""What is read in a Dockerfile before it is built, what is changed for an older Docker, and what is sent."""

import io
import tarfile
from pathlib import Path

import pytest

import build_lab
from jarvis.builds.image import adapt, login
from jarvis.builds.image.context import Context, ignored, inside
from jarvis.builds.image.failure import Failure, explained
from jarvis.builds.image.instructions import parse
from jarvis.errors import DeployFailed, InvalidInput, JarvisError, StorageFull, Unavailable

OWN = r"""# syntax=docker/dockerfile:1
ARG VERSION=3.12
FROM python:${VERSION} AS build
# a comment
RUN pip install \
    # within
    flask \

    gunicorn
ARG COLOUR SIZE=1
FROM build
from debian:bookworm AS last
CMD ["a"]
"""


def test_it_works() -> None:
    found = parse(OWN)
    assert [one.name for one in found.instructions] == ["ARG", "FROM", "RUN", "ARG", "FROM", "FROM", "CMD"]
    assert found.instructions[2].rest.split() == ["pip", "install", "flask", "gunicorn"]
    assert found.arguments == {"VERSION", "COLOUR", "SIZE"}
    assert found.text == OWN
    assert found.modern() == ""


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("RUN --mount=type=cache,target=/root make", "RUN --mount"),
        ("RUN --network=none make", "RUN --network"),
        ("COPY --link a b", "COPY --link"),
        ("COPY --chmod=755 a b", "COPY --chmod"),
        ("RUN <<EOF\nmake\nEOF", "RUN with a here-document"),
        ("COPY <<'EOF' /file\nFROM me\nEOF", "COPY with a here-document"),
        ("COPY --from=build --chown=1:1 a b", ""),
        ("HEALTHCHECK --interval=5s CMD true", ""),
        ("RUN cat <<< word && (( 1 << 2 ))", ""),
        ('RUN ["sh", "-c", "cat <<EOF"]', ""),
    ],
)
def test_what_only_buildkit_can_do_is_named(line: str, why: str) -> None:
    assert parse(f"FROM debian\n{line}\n").modern() == why


def test_another_language_for_dockerfiles_needs_buildkit() -> None:
    assert "other/frontend" in parse("# syntax=other/frontend:1\nFROM debian\n").modern()


def test_what_stands_in_a_here_document_is_no_instruction() -> None:
    text = "FROM debian\nRUN <<ONE <<-TWO\nFROM a\nONE\nFROM b\n\tTWO\nUSER 1\n"
    assert [one.name for one in parse(text).instructions] == ["FROM", "RUN", "USER"]
    assert parse(text).text == text


def test_another_escape_sign_is_obeyed() -> None:
    found = parse("# escape=`\nFROM debian\nRUN dir c:\\`\n  more\n")
    assert found.instructions[1].rest.split() == ["dir", "c:\\", "more"]


def test_each_stage_gets_the_label_and_nothing_else_changes() -> None:
    text = adapt.marked(parse(OWN), ("jarvis.owner", 'a"b'))
    label = 'LABEL jarvis.owner="a\\"b"'
    assert text.replace(f"{label}\n", "") == OWN
    lines = text.splitlines()
    before = [lines[place - 1].split()[0].upper() for place, line in enumerate(lines) if line == label]
    assert before == ["FROM"] * 3


GENERATED = (
    "# syntax=docker/dockerfile:1\n# Written by Jarvis\nFROM debian AS build\n"
    "RUN --mount=type=cache,target=/c \\\n    --mount=type=secret,id=KEY,env=KEY \\\n    make it\nCOPY . .\n"
)


def test_the_old_builder_gets_no_mounts() -> None:
    assert (
        adapt.plain(parse(GENERATED)) == "# Written by Jarvis\nFROM debian AS build\nRUN make it\nCOPY . .\n"
    )


def test_a_secret_is_read_from_its_file_where_it_has_a_value() -> None:
    without = adapt.mounted(parse(GENERATED), ())
    assert "RUN --mount=type=cache,target=/c make it\n" in without
    text = adapt.mounted(parse(GENERATED), ("KEY",))
    assert "--mount=type=secret,id=KEY [" in text
    assert "env=KEY" not in text
    assert parse(text).secrets == {"KEY"}


def test_the_tar_has_what_is_not_ignored_and_keeps_links(tmp_path: Path) -> None:
    build_lab.lay(tmp_path, {"a/keep": "x" * 1000, "a/b.log": "", "c": "#!run", "node_modules/x": ""})
    (tmp_path / "link").symlink_to("/etc/shadow")
    (tmp_path / ("n" * 120)).write_text("long")
    context = Context(tmp_path, ignored("# no\n**/*.log\n\nnode_modules\n"))
    data = b"".join(context.tar("FROM x\n"))
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        names = tar.getnames()
        assert names[:-2] == ["a", "a/keep", "c", "link", "n" * 120]
        assert tar.getmember("link").linkname == "/etc/shadow"
        assert tar.getmember("c").mode & 0o111
        found = tar.extractfile(".jarvis.Dockerfile")
        assert found is not None
        assert found.read() == b"FROM x\n"
        rules = tar.extractfile(".dockerignore")
        assert rules is not None
        assert rules.read().split() == [b"**/*.log", b"node_modules", b".dockerignore", b".jarvis.Dockerfile"]


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "link/passwd"])
def test_no_path_leads_out_of_the_project(tmp_path: Path, path: str) -> None:
    (tmp_path / "link").symlink_to("/etc")
    with pytest.raises(InvalidInput, match="leads out"):
        inside(tmp_path, path)


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("write /x: no space left on device", StorageFull, "disk became full"),
        (
            'Get "https://registry-1.docker.io/v2/": dial tcp: lookup x: no such host',
            Unavailable,
            "registry-1",
        ),
        ("toomanyrequests: You have reached your pull rate limit", Unavailable, "no more images"),
        ("pull access denied for shop/x, repository does not exist", DeployFailed, "shop/x is not there"),
        ("manifest for debian:9.9 not found: manifest unknown", DeployFailed, "debian:9.9 does not exist"),
        (
            "ERROR: failed to solve: debian:9.9: docker.io/library/debian:9.9: not found",
            DeployFailed,
            "does not",
        ),
        ("unauthorized: authentication required", DeployFailed, "did not accept our login"),
        ("the --mount option requires BuildKit", InvalidInput, "needs BuildKit"),
        ("Dockerfile parse error line 2: unknown instruction: RUNN", DeployFailed, "cannot be read"),
        ('failed to compute cache key: "/x" not found: not found', DeployFailed, "nothing to copy"),
        ("COPY failed: stat x: file does not exist", DeployFailed, "nothing to copy"),
        ("The command '/bin/sh -c x' returned a non-zero code: 137", DeployFailed, "code 137"),
        ('process "/bin/sh -c x" did not complete successfully: exit code: 2', DeployFailed, "code 2"),
        ("something new", DeployFailed, "could not build the image: something new."),
        ("", DeployFailed, "could not build"),
    ],
)
def test_each_failure_has_a_sentence_and_a_hint(said: str, kind: type[JarvisError], words: str) -> None:
    error = explained(Failure(said, "RUN x", ["one", "two"]))
    assert type(error) is kind
    assert words in error.message
    assert error.hint


def test_the_account_is_that_of_the_registry_in_the_name() -> None:
    logins = {"ghcr.io": ("a", "b"), "docker.io": ("c", "d")}
    assert login.account(logins, "ghcr.io/shop/web:1") == {"username": "a", "password": "b"}
    assert login.account(logins, "shop/web") == {"username": "c", "password": "d"}
    assert login.account(logins, "localhost:5000/web") is None


def test_the_settings_of_the_command_are_private(tmp_path: Path) -> None:
    folder = login.settings(tmp_path / "config", {"ghcr.io": ("a", "b")}, {"HOME": str(tmp_path)})
    assert (folder / "config.json").stat().st_mode & 0o777 == 0o600
    assert "YTpi" in (folder / "config.json").read_text()
