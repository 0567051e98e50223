"""How a command ends when it does not end well: one sentence, one hint, one exit code."""

from typing import Any

import click

from jarvis.cli.call import Call
from jarvis.errors import JarvisError, problem

INTERRUPTED = 130


def failed(call: Call, error: JarvisError) -> int:
    """Tell what went wrong and what to do next."""
    if call.console.json:
        whole = problem(error)
        call.console.result(
            whole if call.outcome is None else {**call.outcome, "status": "failed", "error": whole}
        )
    else:
        _tell(call, error.message, error.hint)
    return error.exit_code


def misused(call: Call, error: click.ClickException, *, as_json: bool) -> int:
    """Tell how the command is used; click's own words."""
    if as_json:
        context = error.ctx if isinstance(error, click.UsageError) else None
        body: dict[str, Any] = {
            "type": "urn:jarvis:error:usage",
            "title": "Usage",
            "status": 400,
            "code": "usage",
            "detail": error.format_message(),
            "hint": f"Run `{context.command_path if context else 'jarvis'} --help`.",
        }
        call.console.result(
            body if call.outcome is None else {**call.outcome, "status": "failed", "error": body}
        )
    else:
        error.show()
    return error.exit_code


def interrupted(call: Call) -> int:
    """Tell what Ctrl-C stopped, and what goes on without us."""
    workflow = (call.outcome or {}).get("workflow_id")
    if call.going_on and workflow:
        _tell(call, "", f"{call.going_on} goes on. Watch it: jarvis workflows watch {workflow}")
    else:
        call.console.warn("Interrupted.")
    if call.console.json and call.outcome is not None:
        call.console.result({**call.outcome, "status": "interrupted"})
    return INTERRUPTED


def _tell(call: Call, message: str, hint: str) -> None:
    if message:
        call.console.warn(f"Error: {message}")
    if hint:
        call.console.warn(f"  → {hint}")
