"""`docs/archives.md` knows every rule by which an archive is refused, and every limit."""

import re

import pages
from attacks import ATTACKS
from config import Settings
from jarvis.artifacts.archive.limits import Limits

PAGE = (pages.ROOT / "docs/archives.md").read_text(encoding="utf-8")
SOURCES = (pages.ROOT / "services/dashboard/jarvis/artifacts/archive").glob("*.py")


def test_it_works() -> None:
    rules = {
        rule
        for source in SOURCES
        for rule in re.findall(r'refused\(\s*"([a-z-]+)"', source.read_text(encoding="utf-8"))
    }

    assert len(rules) > 50
    assert rules == set(re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE))


def test_nearly_every_rule_is_broken_by_an_attack() -> None:
    rules = set(re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE))

    # a name too long for the disk, and names too many for the memory, are tried by tests of their own
    assert rules - {rule for _, rule in ATTACKS.values()} <= {"name-disk", "names-total", "size-total"}


def test_every_limit_stands_there_with_its_default() -> None:
    settings = Settings()
    for name in ("entries", "bytes", "file_bytes", "ratio", "depth", "path"):
        row = re.search(rf"^\| `JARVIS_UNPACK_{name.upper()}` \| ([\d,]+)", PAGE, re.MULTILINE)
        assert row is not None, name
        assert int(row[1].replace(",", "")) == getattr(settings, f"unpack_{name}")
    assert f"{Limits().component} bytes" in PAGE
