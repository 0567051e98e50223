"""What is set together with a deploy, as the body of a request says it."""

from jarvis.analysis.secrecy import is_secret
from jarvis.api.setting_shapes import SettingsChange
from jarvis.api.variable_shapes import EnvironmentAlong
from jarvis.deployments.along import Along
from jarvis.settings import dotenv
from jarvis.settings.variables import Given


def said(environment: EnvironmentAlong, settings: SettingsChange) -> Along:
    """What is to be set.

    Args:
        environment: Variables. In the text of a `.env` file those are secrets that look like it.
        settings: How the service runs.

    Raises:
        InvalidInput: The text cannot be read.
    """
    file = {key: Given(value, is_secret(key) or None) for key, value in dotenv.read(environment.text).items()}
    own = {key: Given(each.value, each.secret, each.phase) for key, each in environment.set.items()}
    return Along({**file, **own}, environment.unset, settings.set, settings.text, settings.unset)
