"""`jarvis artifacts upload`."""

import click

from jarvis.cli.call import Call
from jarvis.cli.handin import hand_in, look
from jarvis.cli.options import client, option
from jarvis.cli.place import place
from jarvis.cli.server import connect
from jarvis.cli.story import follow


@click.command("upload")
@click.argument("path", type=click.Path())
@option("--name", metavar="NAME", default="", help="The service that it is for; what was said of it counts.")
@option("--ref", metavar="REF", default="", help="Branch, tag or commit of a git repository.")
@option("--filename", metavar="NAME", default="", help="What standard input is called, such as index.html.")
@client
@click.pass_obj
def command(call: Call, path: str, name: str, ref: str, filename: str) -> None:
    """Hand something in without deploying it.

    PATH is what `jarvis deploy` takes. Jarvis then works out what it is.

    \b
    Example:
      jarvis artifacts upload site.zip
    """
    parcel = look(path, filename)
    with connect(call) as jarvis:
        artifact = hand_in(call, jarvis, path, parcel, ref=ref, service=name)
        asked = jarvis.post(place("artifacts", artifact, "analysis"), {"service": name} if name else {})
        follow(call, jarvis, str(asked.get("workflow_id")), "The analysis")
        row = jarvis.get(place("artifacts", artifact))
    if call.console.json:
        call.console.result(row)
    else:
        call.console.say(
            f"{artifact}: {row.get('detected_service_type')}. Next: jarvis artifacts show {artifact}"
        )
