"""Run `jarvis up` in the background, and hear from it until it is ready or gave up."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import config
from jarvis import shell
from jarvis.embedded.part import environment
from jarvis.embedded.parts import own_values
from jarvis.errors import Unavailable, from_problem
from jarvis.home import Home

Json = dict[str, Any]


def in_background(settings: config.Settings, home: Home, say: Callable[[str], None]) -> Json:
    """Start `jarvis.embedded` in a session of its own; it tells by a pipe what it does.

    Raises:
        JarvisError: As the background process met it while it started.
    """
    read, write = os.pipe()
    words = [sys.executable, "-P", "-m", "jarvis.embedded", str(write)]
    try:
        child = shell.start(
            words,
            env=environment(config.environment(), "up", own_values(settings, home)),
            log=home.logs / "up.log",
            pass_fds=(write,),
        )
    finally:
        os.close(write)
    with os.fdopen(read, encoding="utf-8") as words_of_child:
        for line in words_of_child:
            told: Json = json.loads(line)
            if "say" in told:
                say(told["say"])
            elif "problem" in told:
                child.wait(10)  # what it started is gone when we say that it failed
                raise from_problem(told["problem"])
            elif "ready" in told:
                state: Json = told["ready"]
                say(f"Jarvis is ready: {state['web_url']} — sites on port {state['http_port']}.")
                return state
    raise Unavailable("Jarvis ended while it started.", f"See {home.logs / 'up.log'}.")
