"""Every archive that must be refused is refused by its rule, and leaves nothing behind."""

from pathlib import Path

import pytest

from archives import tarred
from attacks import ATTACKS
from jarvis.artifacts.archive.extract import extract
from jarvis.errors import ArchiveRefused


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_by_its_rule_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    data, rule = ATTACKS[name]
    source = tmp_path / "upload"
    source.write_bytes(data)

    with pytest.raises(ArchiveRefused) as refusal:
        extract(source, tmp_path / "out")

    assert refusal.value.facts["rule"] == rule
    assert refusal.value.message.startswith("The archive was refused: ")
    assert refusal.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["upload"]


def test_the_entry_is_named_with_its_invisible_characters_shown(tmp_path: Path) -> None:
    source = tmp_path / "upload"
    source.write_bytes(tarred("a\u202egnp\x1b[2J.exe"))

    with pytest.raises(ArchiveRefused) as refusal:
        extract(source, tmp_path / "out")

    assert refusal.value.facts["entry"] == "a\\u202egnp\\x1b[2J.exe"
    assert "“a\\u202egnp\\x1b[2J.exe”" in refusal.value.message
    assert refusal.value.message.isprintable()
