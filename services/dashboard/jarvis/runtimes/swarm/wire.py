"""Questions to the part of Docker's API that is about swarms, with our account at the registry of an image.

The package `docker` asks them, too, but takes accounts from files of the user alone.
"""

import base64
import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from jarvis.errors import InvalidInput
from jarvis.runtimes.docker import engine

Json = dict[str, Any]
Account = Mapping[str, str] | None
"""`username` and `password` at a registry; None where anybody may fetch."""

NO_MANAGER = "This Docker does not manage a swarm."
MAKE_ONE = "Make one (docker swarm init), or let it join one as a manager (docker swarm join-token manager)."


def send(
    method: str,
    path: str,
    *,
    body: Any = None,
    account: Account = None,
    **query: Any,
) -> Any:
    """One question; returns its JSON, None where there is none.

    Args:
        method: GET, POST or DELETE.
        path: Below the version, `/services`.
        body: JSON.
        account: With which nodes fetch images.
        query: What stands behind the question mark; filters go in as JSON.

    Raises:
        docker.errors.APIError: Docker refused.
    """
    import docker.errors
    import requests.exceptions

    api = engine.api()
    headers = {"X-Registry-Auth": _packed(account)} if account else {}
    texts = {name: json.dumps(one) if isinstance(one, dict) else str(one) for name, one in query.items()}
    url = f"{api.base_url}/v{api.api_version}{path}"
    answer = api.request(method, url, json=body, headers=headers, params=texts, timeout=engine.ANSWER_WITHIN)
    try:
        answer.raise_for_status()
    except requests.exceptions.HTTPError as error:
        raise docker.errors.create_api_error_from_http_exception(error) from error
    return answer.json() if answer.content else None


def _packed(account: Mapping[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(dict(account)).encode()).decode("ascii")


@contextmanager
def asked(what: str) -> Generator[None]:
    """As `engine.asked`, and says so where the Docker of this machine cannot know.

    Raises:
        InvalidInput: It manages no swarm, or refused.
        Unavailable: It does not answer, or failed in itself.
    """
    import docker.errors

    with engine.asked(what):
        try:
            yield
        except docker.errors.APIError as error:
            if error.status_code in {406, 503} and "swarm" in str(error.explanation or error).lower():
                raise InvalidInput(NO_MANAGER, MAKE_ONE) from error
            raise
