"""The background process of `jarvis up --detach`: `python -m jarvis.embedded DESCRIPTOR`."""

import json
import os
import sys
from typing import Any

import config
from jarvis.embedded import up
from jarvis.errors import JarvisError, problem
from jarvis.home import Home


class Voice:
    """Tells the command that started us, as long as it listens; afterwards the log."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor
        os.set_inheritable(descriptor, False)

    def tell(self, what: dict[str, Any]) -> None:
        """Send one line."""
        if self._descriptor is None:
            return
        try:
            os.write(self._descriptor, (json.dumps(what) + "\n").encode())
        except OSError:
            self.hang_up()

    def say(self, sentence: str) -> None:
        """A sentence for the person; the token is for the person only, never for the log."""
        self.tell({"say": sentence})
        if "shown this once" not in sentence:
            sys.stderr.write(sentence + "\n")
            sys.stderr.flush()

    def ready(self, state: dict[str, Any]) -> None:
        """All parts were seen to work."""
        self.tell({"ready": state})
        self.hang_up()

    def hang_up(self) -> None:
        """The command has heard enough."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def main() -> None:
    """Run until SIGTERM."""
    voice = Voice(int(sys.argv[1]))
    try:
        settings = config.settings()
        home = Home(settings.home)
        lock = up.lock_or_state(home)
        if not isinstance(lock, int):
            voice.ready(up.already(lock, voice.say))
            return
        up.run(settings, home, lock, voice.say, voice.ready)
    except JarvisError as error:
        voice.tell({"problem": problem(error)})
        sys.stderr.write(f"{error.message}\n{error.hint}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
