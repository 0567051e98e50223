"""Talks to the API of one Jarvis: its operations by their names."""

import json
from collections.abc import Mapping
from typing import Any, cast

from jarvis.cli import answers
from jarvis.cli.operations import OPERATIONS, Name
from jarvis.cli.place import place
from jarvis.cli.wire import Wire
from jarvis.errors import JarvisError

_STEER: dict[answers.Verb, Name] = {
    "cancel": "cancel_workflow",
    "pause": "pause_workflow",
    "resume": "resume_workflow",
    "retry": "retry_workflow",
}


class Client(Wire):
    """One Jarvis, whose operations can be called."""

    def call(
        self,
        operation: Name,
        *parts: str,
        query: Mapping[str, object] | None = None,
        body: Mapping[str, Any] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Call an operation of the API by its name.

        Args:
            operation: Its name in the OpenAPI document.
            parts: The ids or names in its address, in their order.
            query: Its parameters; those that are None or empty are left out.
            body: A JSON object, or bytes as they are.
            headers: What to send besides.

        Returns:
            The JSON object that comes back; empty where nothing does.

        Raises:
            ValueError: The address has more or fewer parts.
            JarvisError: The server says what is wrong.
        """
        method, pattern = OPERATIONS[operation]
        if pattern.count("{") != len(parts):
            raise ValueError(f"{operation} has {pattern.count('{')} parts in its address, not {len(parts)}")
        given = iter(parts)
        path = place(*(next(given) if part[0] == "{" else part for part in pattern[1:].split("/")))
        if isinstance(body, bytes):
            return self.upload(path, query or {}, len(body), [body], method=method, headers=headers)[0]
        kind = {} if body is None else {"Content-Type": "application/json"}
        raw = None if body is None else json.dumps(body).encode()
        return self._read(self._send(method, self._target(path, query), raw, {**kind, **(headers or {})}))

    def workflow(self, key: str) -> answers.Workflow:
        """A workflow with its steps, its open tasks and what may be asked of it."""
        return cast("answers.Workflow", self.call("show_workflow", key))

    def steer(self, key: str, verb: answers.Verb, body: Mapping[str, Any] | None = None) -> answers.Workflow:
        """Ask something of a workflow."""
        name = _STEER[verb]
        return cast("answers.Workflow", self.call(name, key, body=body or {}))

    def task(self, key: str) -> answers.Task:
        """A task."""
        return cast("answers.Task", self.call("show_task", key))

    def finish_task(self, key: str, answer: Mapping[str, Any], note: str) -> answers.Task:
        """Say that a task is done."""
        return cast("answers.Task", self.call("finish_task", key, body={"answer": answer, "note": note}))

    def reject_task(self, key: str, reason: str) -> answers.Task:
        """Say that a task will not be done."""
        return cast("answers.Task", self.call("reject_task", key, body={"reason": reason}))

    def get(self, path: str, query: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The JSON object at `path` (below `/api/v1`)."""
        return self._ask("GET", path, query)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Hand `body` to `path`; the JSON object that comes back."""
        return self._ask("POST", path, None, json.dumps(body).encode())

    def put(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Set `path` to `body`; the JSON object that comes back."""
        return self._ask("PUT", path, None, json.dumps(body).encode())

    def delete(self, path: str, query: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Delete `path`; the JSON object that comes back."""
        return self._ask("DELETE", path, query)

    def _ask(
        self, method: str, path: str, query: Mapping[str, object] | None = None, body: bytes | None = None
    ) -> dict[str, Any]:
        kind = {"Content-Type": "application/json"} if body is not None else {}
        return self._read(self._send(method, self._target(path, query), body, kind))


def word(answer: Mapping[str, Any], key: str) -> str:
    """The text `key` of an answer that cannot be used without it."""
    value = answer.get(key)
    if not isinstance(value, str) or not value:
        raise JarvisError(
            f"Jarvis answered without {key!r}.", "The command line and Jarvis may be of different versions."
        )
    return value
