"""What is set together with a deploy: variables and settings, in the transaction that asks for it."""

from flask import g
from sqlalchemy.orm import Session

from jarvis.analysis.secrecy import is_secret
from jarvis.api.setting_shapes import SettingsChange
from jarvis.api.settings import sealed
from jarvis.api.variable_shapes import EnvironmentAlong
from jarvis.deployments import first
from jarvis.settings import dotenv, stored, typed, variables
from jarvis.settings.variables import Given


def says_something(environment: EnvironmentAlong, settings: SettingsChange) -> bool:
    """Whether anything is to be set or taken back."""
    told = (environment.set, environment.text, environment.unset, settings.set, settings.text, settings.unset)
    return any(told)


def keep(session: Session, name: str, environment: EnvironmentAlong, settings: SettingsChange) -> None:
    """Set it for the service, for this deploy and those after it, or nothing of it.

    Args:
        session: The transaction that asks for the deploy.
        name: The service.
        environment: Its variables. In the text of a `.env` file those are secrets that look like it.
        settings: How it runs.

    Raises:
        JarvisError: Something in it cannot be set.
    """
    if not says_something(environment, settings):
        return
    service, _ = first.prepare(session, name)
    asked = {**settings.set, **typed.members(settings.text, stored.members(service))}
    stored.change(service, sealed(asked), settings.unset, g.caller.name)
    file = {key: Given(value, is_secret(key) or None) for key, value in dotenv.read(environment.text).items()}
    own = {key: Given(each.value, each.secret, each.phase) for key, each in environment.set.items()}
    variables.change(session, name, given={**file, **own}, unset=environment.unset, by=g.caller.name)
