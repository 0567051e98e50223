"""`jarvis analyze`: what something is, without a server."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jarvis.cli.call import Call
from jarvis.cli.correction import correcting, given
from jarvis.cli.explain import explain
from jarvis.cli.options import json_option, option
from jarvis.cli.unreadable import unreadable
from jarvis.errors import JarvisError, NotFound, problem

if TYPE_CHECKING:
    from jarvis.artifacts.archive.limits import Limits


@click.command("analyze")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path())
@option("--plan", "with_plan", is_flag=True, help="Show how it would be built, too.")
@correcting
@json_option
@click.pass_obj
def command(call: Call, paths: tuple[str, ...], with_plan: bool, **correction: Any) -> int:
    """Say what a folder or an archive is, and why.

    Nothing is sent anywhere and nothing of it is run. PATH is a folder, an archive or a single file. With
    --json each PATH gives one line; one that is refused gives a line with its `rule` and `entry`, and the
    exit code is then 1.

    \b
    Examples:
      jarvis analyze .
      jarvis analyze app.zip --plan
      jarvis analyze one/ two.tar.gz --json
    """
    limits = _limits(call)
    failures = 0
    for path in paths:
        try:
            verdict, plan = _look(path, given(correction), limits, with_plan=with_plan)
        except JarvisError as error:
            failures += 1
            if call.console.json:
                call.console.result({"path": path, **problem(error)})
            else:
                call.console.warn(f"{path}: {error.message}")
                if error.hint:
                    call.console.warn(f"  → {error.hint}")
            continue
        if call.console.json:
            call.console.result({"path": path, **verdict, **({"plan": plan} if plan else {})})
        else:
            for line in explain(path, verdict, plan):
                call.console.say(line)
    return 1 if failures else 0


def _limits(call: Call) -> "Limits":
    from jarvis.artifacts.limits import limits_of  # only this command unpacks

    return limits_of(call.settings())


def _look(
    path: str, correction: dict[str, Any], limits: "Limits", *, with_plan: bool
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The verdict on what lies at `path`, and the plan if it is asked for."""
    source = Path(path)
    try:
        if source.is_dir():
            return _told(source, correction, with_plan=with_plan)
        if not source.is_file():
            raise NotFound(f"There is no file or folder {path}.", "Check the path.")
        with tempfile.TemporaryDirectory(prefix="jarvis-analyze-") as folder:
            return _told(_unpacked(source, Path(folder), limits), correction, with_plan=with_plan)
    except OSError as error:
        raise unreadable(path, error) from error


def _unpacked(source: Path, folder: Path, limits: "Limits") -> Path:
    """The folder that the file `source` stands for."""
    from jarvis.artifacts.unpack import unpack

    tree = folder / "tree"
    unpack(source, source.name, tree, limits)
    return tree


def _told(
    folder: Path, correction: dict[str, Any], *, with_plan: bool
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    from jarvis.analysis.analyse import analyse

    verdict = analyse(folder, correction).to_dict()
    if not with_plan:
        return verdict, None
    from jarvis.builds.plan import plan

    files = [file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()]
    return verdict, plan(verdict, files).to_dict()
