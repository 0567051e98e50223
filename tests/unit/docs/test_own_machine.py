"""Nothing in the project belongs to one developer's machine."""

import re
from pathlib import Path

import pytest

import pages

# Written in pieces, so that this file passes its own test.
OF_A_MACHINE = re.compile(
    "|".join(
        (
            r"(?<![\w.}/-])/(?:wor" + r"k|roo" + r"t)/[\w.]",
            r"/tmp/la" + r"b\b",
            r"/(?:Use" + r"rs|hom" + r"e)/(?!somebody/)[a-z][\w-]*/",
            r"\bpyp" + r"i\.org|pythonhost" + r"ed\.org|registry\.npm" + r"js\.org",
        )
    )
)

# There, the home of the user root is the one within an image that is being built.
ABOUT_IMAGES = (
    "services/dashboard/jarvis/builds/",
    "tests/unit/builds/",
    "tests/plan_cases.py",
    "docs/build-plan.md",
)
WITHIN_AN_IMAGE = re.compile("/roo" + r"t/(?=\.|go/|\w+/)")


def read(file: Path) -> str:
    content = file.read_bytes()
    text = "" if b"\0" in content else content.decode("utf-8", "replace")
    return WITHIN_AN_IMAGE.sub("~/", text) if pages.name(file).startswith(ABOUT_IMAGES) else text


def test_it_works() -> None:
    told = {f"see /{'root'}/.config/x", f"/{'home'}/alice/src", f"https://{'pypi'}.org/simple"}
    assert all(OF_A_MACHINE.search(line) for line in told)
    assert not OF_A_MACHINE.search("~/.local/share/jarvis, /var/lib/jarvis, $JARVIS_HOME/run/postgres")


@pytest.mark.parametrize("folder", sorted({pages.name(file).partition("/")[0] for file in pages.files()}))
def test_no_file_names_a_path_of_a_developers_machine(folder: str) -> None:
    for file in pages.files():
        if pages.name(file).partition("/")[0] == folder:
            for number, line in enumerate(read(file).splitlines(), 1):
                found = OF_A_MACHINE.search(line)
                assert found is None, f"{pages.name(file)}:{number} names {found and found[0]}"
