"""Finds the Jarvis that a command talks to."""

import json
import os
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import click

from jarvis.cli.call import Call
from jarvis.cli.client import Client
from jarvis.errors import JarvisError, Unavailable
from jarvis.home import Home


def connect(call: Call) -> Client:
    """A connection to the Jarvis that is meant.

    Raises:
        Unavailable: None runs here, or it does not answer.
    """
    found = find(call)
    if found is None:
        raise Unavailable(
            "No Jarvis is running here.",
            "Start one with `jarvis up`, or set JARVIS_URL to one that runs elsewhere.",
        )
    return found


def find(call: Call) -> Client | None:
    """The Jarvis of JARVIS_URL, else the one that runs here; None when there is neither.

    Raises:
        Unavailable: One runs here, but does not answer.
    """
    settings = call.settings()
    home = Home(settings.home)
    if settings.url:
        # The token of this machine's Jarvis is nobody else's business.
        token = settings.token or (_kept_token(home) if _is_here(settings.url) else "")
        return Client(settings.url, token, "Check JARVIS_URL, and that Jarvis runs there.")
    state = _state(home)
    if state is None:
        return None
    hint = f"Look into {home.logs}, or begin anew: `jarvis down`, then `jarvis up`."
    client = Client(state["web_url"], settings.token or _kept_token(home), hint)
    if not client.healthy():
        raise Unavailable(
            f"Jarvis runs here (process {state['pid']}), but does not answer at {state['web_url']}.", hint
        )
    return client


def _is_here(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _state(home: Home) -> dict[str, Any] | None:
    """What the running `jarvis up` says of itself; None when none runs."""
    try:
        state = json.loads(home.state.read_bytes())
        pid, url = int(state["pid"]), str(state["web_url"])
    except PermissionError as error:
        raise _locked(error) from error
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return {"pid": pid, "web_url": url} if pid > 0 and _lives(pid) else None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True  # it is somebody else's
    except (ProcessLookupError, OverflowError):
        return False
    return True


def _kept_token(home: Home) -> str:
    try:
        return home.token.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except PermissionError as error:
        raise _locked(error) from error
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"The token in {home.token} cannot be read.") from error


def _locked(error: PermissionError) -> JarvisError:
    return JarvisError(
        f"You may not read {error.filename}.",
        "Run this as the user who started Jarvis, or set JARVIS_URL and JARVIS_TOKEN.",
    )
