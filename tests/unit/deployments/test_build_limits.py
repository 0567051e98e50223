"""Builds take what the settings of Jarvis say."""

import pytest

import config
from jarvis.deployments.build_limits import build_limits


def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "settings", lambda: config.read({"JARVIS_BUILD_MEMORY": "1000"}))
    made = build_limits(7)
    assert (made.seconds, made.memory, made.cpus) == (7, 1000, 0)
