"""How processes write their log: one line an entry, to standard error, in UTC."""

import logging
import time


class _Format(logging.Formatter):
    converter = time.gmtime


def configure(level: str, process: str) -> None:
    """Send the log of this process to standard error.

    Args:
        level: `DEBUG`, `INFO`, `WARNING` or `ERROR`.
        process: The name that stands in each line: `web` or `worker`.
    """
    handler = logging.StreamHandler()
    line = f"%(asctime)s.%(msecs)03dZ {process} %(levelname)s %(name)s: %(message)s"
    handler.setFormatter(_Format(line, datefmt="%Y-%m-%dT%H:%M:%S"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("dbos").setLevel(max(logging.WARNING, root.level))
    logging.getLogger("alembic").setLevel(logging.WARNING)
