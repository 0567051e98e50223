"""Ports that programs open beside the one for visitors: for those who measure or debug them."""

from collections.abc import Collection

PORTS = frozenset({2112, 5678, 6060, 9091, 9100, 9229, 9464, 24678, 35729})
"""Metrics (2112 of Go, 9091 and 9100 of Prometheus, 9464 of OpenTelemetry), debuggers (5678 of Python, 6060
of Go, 9229 of Node.js), and pages that load themselves anew (24678 of Vite, 35729 of LiveReload)."""
WAIT = 10.0
"""Seconds for which it is waited for another port. A program may be one of those itself."""


def main(ports: Collection[int]) -> int:
    """The port for visitors among those that are open, where nobody said which; 0 for none."""
    return min(set(ports) - PORTS or set(ports), default=0)
