"""`jarvis artifacts download`."""

import hashlib
import os
import tempfile
from http.client import HTTPException, HTTPResponse
from pathlib import Path

import click

from jarvis.cli.call import Call
from jarvis.cli.options import client, option
from jarvis.cli.place import place
from jarvis.cli.read import PIECE
from jarvis.cli.server import connect
from jarvis.cli.units import size
from jarvis.errors import Conflict, JarvisError


@click.command("download")
@click.argument("identity", metavar="ID")
@option("--output", "-o", metavar="FILE", type=click.Path(), help="Where to. Without it: its own name, here.")
@option("--force", "-f", is_flag=True, help="Replace a file that is there.")
@client
@click.pass_obj
def command(call: Call, identity: str, output: str | None, force: bool) -> None:
    """Fetch what was handed in.

    The bytes are checked against their SHA-256 before the file gets its name. A folder comes as a tar.

    \b
    Example:
      jarvis artifacts download 0f3b52c1-6d0e-4a57-9f3e-0a4d2b7f9c11 -o site.zip
    """
    with connect(call) as jarvis:
        row = jarvis.get(place("artifacts", identity))
        name = Path(str(row.get("original_filename") or identity)).name
        folder = row.get("file_type") == "directory" and not name.endswith(".tar")
        target = Path(output or (f"{name}.tar" if folder else name))
        if target.exists() and not force:
            raise Conflict(
                f"{target} is there already.",
                "Choose another name with --output, or replace it with --force.",
            )
        response = jarvis.download(place("artifacts", identity, "content"))
        count = _save(response, target, str(row.get("checksum_sha256")))
        jarvis.close()
    if call.console.json:
        call.console.result({"id": identity, "file": str(target), "bytes": count})
    else:
        call.console.say(f"Saved {target} ({size(count)}).")


def _save(response: HTTPResponse, target: Path, expected: str) -> int:
    digest = hashlib.sha256()
    count = 0
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".jarvis-", delete=False) as file:
            try:
                while piece := response.read(PIECE):
                    digest.update(piece)
                    count += file.write(piece)
                _same(digest.hexdigest(), expected)
                file.close()
                os.replace(file.name, target)  # noqa: PTH105 - its name is text
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except HTTPException as error:
        raise JarvisError("The connection broke.", "Download it again.") from error
    except OSError as error:
        raise JarvisError(
            f"{target} cannot be written: {error.strerror}.", "Check the folder and its room."
        ) from error
    return count


def _same(found: str, expected: str) -> None:
    if found != expected:
        raise JarvisError("What arrived is not what was handed in.", "Download it again.")
