"""Listen on SOCKET for questions about the sites below WWW. Small, because a file that is run is compiled."""

import sys
from pathlib import Path


def main() -> None:
    """`WWW` is the proxy's folder of links, `SOCKET` the name that is taken over when all is ready."""
    sys.path.append(str(Path(__file__).resolve().parents[3]))  # last: the standard library comes first
    from jarvis.proxy.gate import server

    server.run(Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
