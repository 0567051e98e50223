"""The application on a database of its own, and a receiver for what rooms are sent."""

from collections.abc import Iterator

import pytest

import api_lab
import postgres_lab
import receiver as receivers


@pytest.fixture
def api(postgres: postgres_lab.Server, engine_template: str) -> Iterator[api_lab.Api]:
    """The application; `db_service` of this process is on its database."""
    with api_lab.fresh(postgres, engine_template) as made:
        yield made


@pytest.fixture
def receiver() -> Iterator[receivers.Receiver]:
    """A stand-in for ntfy, Slack and Discord: it takes what their documentation says that they take."""
    with receivers.serve() as made:
        yield made
