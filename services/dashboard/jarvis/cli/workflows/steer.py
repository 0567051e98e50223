"""What `cancel`, `pause`, `resume` and `retry` share: ask, and say how to watch."""

from collections.abc import Mapping
from typing import Any

from jarvis.cli.answers import Verb
from jarvis.cli.call import Call
from jarvis.cli.server import connect


def steer(
    call: Call, identity: str, verb: Verb, sentence: str, body: Mapping[str, Any] | None = None
) -> None:
    """Ask `verb` of a workflow.

    Args:
        call: This run.
        identity: Which workflow.
        verb: What to ask.
        sentence: What to say, with `{name}` in it.
        body: The request.

    Raises:
        JarvisError: It cannot be asked of it now.
    """
    with connect(call) as jarvis:
        row = jarvis.steer(identity, verb, body)
    if call.console.json:
        call.console.result(row)
        return
    call.console.say(sentence.format(name=row.get("name") or "The workflow"))
    call.console.say(f"Watch it: jarvis workflows watch {identity}")
