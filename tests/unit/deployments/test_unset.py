"""Which variable a program missed."""

import pytest

from jarvis.deployments import unset
from jarvis.errors import DeployFailed


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("KeyError: 'DJANGO_SECRET_KEY'", "DJANGO_SECRET_KEY"),
        ("Error: Environment variable not found: DATABASE_URL.", "DATABASE_URL"),
        ("error: Environment variable not found: DATABASE_URL.", "DATABASE_URL"),
        ("Error: STRIPE_KEY is not set", "STRIPE_KEY"),
        ("panic: required key API_TOKEN missing value", "API_TOKEN"),
        ("Missing required environment variable: REDIS_URL", "REDIS_URL"),
        ("SESSION_SECRET must be set", "SESSION_SECRET"),
        ('RuntimeError: "JWT_SECRET" environment variable is required', "JWT_SECRET"),
        ("sh: 1: DATABASE_URL: parameter not set", "DATABASE_URL"),
        ("The env variable PORTAL_HOST is undefined", "PORTAL_HOST"),
        ("KeyError: 'name'", ""),
        ("ModuleNotFoundError: No module named 'flask'", ""),
        ("ERROR: could not find a version", ""),
        ("NODE_ENV=production", ""),
        ("Error: listen EADDRINUSE: address already in use", ""),
        ("TypeError: missing 1 required positional argument", ""),
        ("FATAL ERROR: file is missing", ""),
        ("HTTP 404: page not found", ""),
    ],
)
def test_it_works(line: str, name: str) -> None:
    assert unset.variable(["Traceback (most recent call last):", line]) == name


def test_the_error_says_what_to_do() -> None:
    error = unset.told(DeployFailed("It ended.", "Look.", {"output": ["KeyError: 'API_KEY'"]}), "shop")
    assert error.hint == "It looks for API_KEY: set it with jarvis env set shop API_KEY, then deploy again."
    assert unset.told(DeployFailed("It ended.", "Look.", {}), "shop").hint == "Look."
