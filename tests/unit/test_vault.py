"""Secrets that lie in the database: sealed with a key that does not."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

import config
from jarvis import vault
from jarvis.vault import Sealed, seal, unseal

SECRET = "whsec_a secret, ünïcode"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("JARVIS_HOME", str(tmp_path))
    config.settings.cache_clear()
    yield tmp_path
    config.settings.cache_clear()


def test_it_works(home: Path) -> None:
    sealed = seal(SECRET)
    assert unseal(sealed) == SECRET
    assert SECRET.encode() not in sealed
    file = home / "secrets/vault_keys"
    assert vault.key_file() == file
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_the_same_secret_looks_different_every_time() -> None:
    assert seal(SECRET) != seal(SECRET)


def test_a_new_key_seals_and_the_old_one_still_unseals() -> None:
    before, file = seal(SECRET), vault.key_file()
    old = file.read_text()
    file.write_text(Fernet.generate_key().decode() + "\n" + old)
    after = seal(SECRET)
    assert unseal(before) == unseal(after) == SECRET
    file.write_text(old)
    with pytest.raises(Sealed):
        unseal(after)


def test_without_the_key_nothing_is_unsealed_and_no_key_is_made() -> None:
    sealed = seal(SECRET)
    vault.key_file().unlink()
    with pytest.raises(Sealed, match="cannot be read: No such file") as caught:
        unseal(sealed)
    assert "backup" in caught.value.hint
    assert not vault.key_file().exists()


def test_with_another_key_the_sentence_says_so() -> None:
    sealed = seal(SECRET)
    vault.key_file().unlink()
    seal("something else")
    with pytest.raises(Sealed, match="a key that is not in") as caught:
        unseal(sealed)
    assert str(vault.key_file()) in caught.value.message
    assert not caught.value.transient


@pytest.mark.parametrize("content", [b"", b"\n", b"no key", b"\xff\xfe", b"AAAA\n"])
def test_a_file_that_holds_no_keys_is_named_and_not_shown(content: bytes) -> None:
    sealed = seal(SECRET)
    vault.key_file().write_bytes(content)
    for ask in (lambda: seal(SECRET), lambda: unseal(sealed)):
        with pytest.raises(Sealed, match="does not hold keys") as caught:
            ask()
        assert "no key" not in caught.value.message


def test_a_changed_secret_is_not_taken() -> None:
    sealed = bytearray(seal(SECRET))
    sealed[40] ^= 1
    with pytest.raises(Sealed):
        unseal(bytes(sealed))


def test_a_home_in_which_nothing_can_be_made_is_named(home: Path) -> None:
    (home / "secrets").write_text("a file where a folder belongs")
    with pytest.raises(Sealed, match="cannot be made"):
        seal(SECRET)


def test_many_processes_make_one_key(home: Path) -> None:
    """They start together; what each of them sealed, the key that is left unseals."""
    script = "import sys; from jarvis.vault import seal; sys.stdin.read(); print(seal('word').decode())"
    crowd = [
        subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(6)
    ]
    for each in crowd:
        assert each.stdin
        each.stdin.close()
    for each in crowd:
        assert each.stdout
        assert unseal(each.stdout.read().strip()) == "word"
        assert each.wait(30) == 0
        each.stdout.close()
    assert len(vault.key_file().read_text().split()) == 1
