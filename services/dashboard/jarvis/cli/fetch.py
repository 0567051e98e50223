"""Lets the server fetch a git repository, and watches it do so."""

from typing import Any

from jarvis.cli.call import Call
from jarvis.cli.client import Client, word
from jarvis.cli.story import follow
from jarvis.errors import JarvisError


def fetch(call: Call, jarvis: Client, address: str, ref: str, service: str) -> str:
    """The id of the artifact that the repository became.

    Args:
        call: This run.
        jarvis: Who fetches.
        address: Of the repository; `#ref` behind it is a branch, a tag or a commit.
        ref: The same, given apart; it stands above the one in the address.
        service: The service that it is for; may be empty.

    Raises:
        JarvisError: It could not be fetched.
    """
    url, _, named = address.partition("#")
    wish: dict[str, Any] = {"url": url, "ref": ref or named, "service": service, "analyse": False}
    asked = jarvis.post(
        "/artifacts/git", {key: value for key, value in wish.items() if value not in (None, "")}
    )
    end = follow(call, jarvis, word(asked, "workflow_id"), "The fetching")
    artifact = end.get("artifact_id")
    if not isinstance(artifact, str):
        raise JarvisError(
            "The repository was fetched, but no artifact came of it.", "See jarvis artifacts list."
        )
    return artifact
