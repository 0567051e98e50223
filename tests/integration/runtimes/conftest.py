"""A stage for programs; it checks that nothing of them runs afterwards."""

from collections.abc import Iterator

import pytest

import shim_lab


@pytest.fixture
def stage() -> Iterator[shim_lab.Stage]:
    with shim_lab.stage() as made:
        yield made
