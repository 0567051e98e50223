"""What builds may take by the settings of this Jarvis."""

import config
from jarvis.builds.run import Limits

USUAL = Limits()


def build_limits(seconds: float = USUAL.seconds) -> Limits:
    """Of one program of a build, and of all builds together.

    Args:
        seconds: Until one program has to have ended.
    """
    own = config.settings()
    return Limits(seconds=seconds, memory=own.build_memory, cpus=own.build_processors)
