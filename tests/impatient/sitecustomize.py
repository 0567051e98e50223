"""Takes a web process's patience with senders that stop, and with nothing else.

Python imports this by itself in every process that has this folder on PYTHONPATH; the tests put it there.
"""

from jarvis.api.body import WATCH

WATCH.patience = 2.0
