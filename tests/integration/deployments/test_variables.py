"""The environment of a release: what is set, above what its project says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import config
from jarvis.deployments import variables
from jarvis.errors import InvalidInput
from jarvis.settings import variables as stored
from jarvis.settings.variables import Given
from jarvis.settings.wishes import Wish
from models import Deployment
from seed import Seed


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "secrets").mkdir()
    monkeypatch.setenv("JARVIS_HOME", str(tmp_path))
    config.settings.cache_clear()
    yield
    config.settings.cache_clear()


def put(seed: Seed, given: dict[str, Given]) -> int:
    with seed.database.get_session() as session:
        stored.change(session, "shop", given=given, unset=(), by="anna")
        return int(stored.snapshot(session, "shop")["version"])


def facts(key: str = "", version: int = 0, *wanted: Wish) -> dict[str, Any]:
    configuration = {"environment": version, variables.DEFAULTS: variables.defaults(wanted)}
    return {"service": "shop", "deployment_id": key, "configuration": configuration}


def test_it_works(seed: Seed) -> None:
    version = put(seed, {"SET": Given("person"), "BUILT": Given("person", phase="build")})
    own = (Wish("SET", "file"), Wish("BUILT", "file"), Wish("LEVEL", "info"), Wish("API_KEY", "of-the-file"))
    given = facts("", version, *own)
    assert variables.of_release(given, at="run") == {
        "SET": "person",
        "LEVEL": "info",
        "API_KEY": "of-the-file",
    }
    assert variables.of_release(given, at="build")["BUILT"] == "person"
    assert variables.secrets_of(given) == ["of-the-file"]
    assert variables.of_release(facts("", 0, *own), at="run")["SET"] == "file"


def test_no_value_of_the_file_lies_open() -> None:
    kept = variables.defaults(
        [Wish("LEVEL", "a-private-value"), Wish("API_KEY", "a-secret-one"), Wish("NONE")]
    )
    assert set(kept) == {"LEVEL", "API_KEY"}
    assert "a-private-value" not in str(kept)
    assert "a-secret-one" not in str(kept)
    again = variables.defaults([Wish("LEVEL", "a-private-value"), Wish("API_KEY", "another")])
    assert kept["LEVEL"]["mark"] == again["LEVEL"]["mark"]
    assert kept["API_KEY"]["mark"] != again["API_KEY"]["mark"]
    assert (kept["LEVEL"]["secret"], kept["API_KEY"]["secret"]) == (False, True)


def test_a_secret_is_made_once_and_the_deployment_runs_with_it(seed: Seed) -> None:
    wanted = [Wish("SALT", generated=True, source="app.json"), Wish("LEVEL", "info")]
    found: list[str] = []
    told: list[list[str]] = []
    for _ in range(2):
        key, _ = seed.deployment("shop")
        given, said = variables.generate(facts(key), wanted)
        with seed.database.get_session() as session:
            kept = session.get_one(Deployment, UUID(key)).configuration["environment"]
        assert kept == given["configuration"]["environment"] == 1
        told.append(said)
        found.append(variables.of_release(given, at="run")["SALT"])
        again, nothing = variables.generate(given, wanted)
        assert (again, nothing) == (given, [])
    assert found[0] == found[1]
    assert len(found[0]) == 2 * variables.LENGTH
    assert told == [["SALT: a secret was made for it, as app.json wants."], []]


def test_what_a_person_set_is_not_made_anew(seed: Seed) -> None:
    version = put(seed, {"SALT": Given("of-a-person")})
    key, _ = seed.deployment("shop")
    given, said = variables.generate(facts(key), [Wish("SALT", generated=True)])
    assert said == []
    assert given["configuration"]["environment"] == version
    assert variables.of_release(given, at="run") == {"SALT": "of-a-person"}


def test_what_is_required_and_not_set_is_refused(seed: Seed) -> None:
    version = put(seed, {"THERE": Given("x", secret=True)})
    wanted = [Wish("THERE", required=True), Wish("API_KEY", required=True, source="app.json")]
    with pytest.raises(
        InvalidInput, match=r"API_KEY is not set, and it does not do without: app\.json says so"
    ):
        variables.check(facts("", version), wanted)
    variables.check(facts("", version), wanted[:1])
    variables.check(facts(), [])
