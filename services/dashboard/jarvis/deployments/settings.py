"""The settings that a deployment runs with: kept with it when it was made, for ever."""

from typing import Any

from jarvis.settings.service import ServiceSettings, read

Json = dict[str, Any]


def of(facts: Json) -> ServiceSettings:
    """The settings of the deployment that a workflow is about.

    Args:
        facts: Of the deployment; before the artifact was looked at, all settings are the default ones.
    """
    return read(facts["configuration"].get("settings"))
