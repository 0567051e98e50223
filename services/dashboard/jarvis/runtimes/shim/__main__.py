"""Become a child of init, and keep the program. Small, because a file that is run is compiled every time."""

import os
import sys
from pathlib import Path


def main() -> None:
    """`FOLDER` of the instance, and the number of its open and locked lock file: both are handed down."""
    folder, lock = Path(sys.argv[1]).resolve(), int(sys.argv[2])
    if os.fork():
        os._exit(0)
    os.setsid()
    if os.fork():
        os._exit(0)
    os.umask(0o077)
    os.chdir(folder)
    os.set_inheritable(lock, False)  # the program must not hold the lock of its keeper
    null = os.open("/dev/null", os.O_RDWR)
    own = os.open("shim.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for source, number in ((null, 0), (own, 1), (own, 2)):
        os.dup2(source, number)
    sys.modules["ssl"] = None  # pyright: ignore[reportArgumentType] - asyncio does without, and 4 MB are saved
    sys.path.append(str(Path(__file__).resolve().parents[3]))  # last: the standard library comes first
    from jarvis.runtimes.shim import keeper

    keeper.keep(folder)


if __name__ == "__main__":
    main()
