"""How a Rust program is made and started."""

from dataclasses import dataclass
from shlex import quote
from typing import Any, cast

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.rust.program import Program
from jarvis.analysis.tree import Tree

_START = {
    "rocket": "ROCKET_ADDRESS=0.0.0.0 ROCKET_PORT=${{PORT:-{port}}} {program}",
    "loco": "{program} start --environment production --binding 0.0.0.0 --port ${{PORT:-{port}}}",
    "leptos": "LEPTOS_SITE_ADDR=0.0.0.0:${{PORT:-{port}}} {program}",
}
"""Frameworks that listen on the local machine alone, or elsewhere than at PORT, unless they are told."""


@dataclass(frozen=True, slots=True)
class _Output:
    """Where Cargo puts a finished program.

    Attributes:
        folder: The folder it is put in.
        suffix: What its name ends with.
        runner: What it is run by, followed by a space; empty where it runs by itself.
    """

    folder: str
    suffix: str = ""
    runner: str = ""


def command(candidate: Candidate, tree: Tree, program: Program, manifest: str) -> None:
    """Fill in what installs, builds and starts `program`."""
    base = manifest.rpartition("/")[0]
    locked = " --locked" if (f"{base}/Cargo.lock" if base else "Cargo.lock") in tree else ""
    there = f" --manifest-path {quote(manifest)}" if base else ""
    output = _output(tree, base)
    file = program.name + output.suffix
    if candidate.framework == "leptos" and "leptos" in program.package.metadata:
        build = "cargo leptos build --release"
        start = quote(f"./{output.folder}/{file}")
    else:
        package = f" -p {quote(program.package.name)}" if program.package.file != manifest else ""
        make = f"cargo build --release{locked}{there}{package} --bin {quote(program.name)}"
        build = f"{make} && mkdir -p bin && cp {quote(f'{output.folder}/{file}')} bin/"
        start = output.runner + quote(f"./bin/{file}")
    line = _START.get(candidate.framework, "{program}").format(program=start, port=candidate.port)
    claim(
        candidate,
        manifest,
        "It fetches what the package names.",
        install_command=f"cargo fetch{locked}{there}",
    )
    claim(candidate, program.package.file, f"It makes the program {program.name}.", build_command=build)
    claim(candidate, program.package.file, "What the build makes.", start_command=line)
    if not locked:
        why = "Run `cargo generate-lockfile` and add Cargo.lock, or every build may take other versions."
        candidate.find("missing-lock-file", "warning", manifest, why)


def _output(tree: Tree, base: str) -> _Output:
    """Where programs are put, as `.cargo/config.toml` may say, and what runs those for WebAssembly."""
    file = tree.first(".cargo/config.toml", ".cargo/config")
    settings = tree.toml(file) if file else {}
    build = _table(settings.get("build"))
    folder, target = build.get("target-dir"), build.get("target")
    folder = folder if isinstance(folder, str) else "target"
    target = target if isinstance(target, str) else ""
    place = "/".join(part for part in (base, folder, target, "release") if part)
    if not target.startswith("wasm"):
        return _Output(place)
    runner = _table(_table(settings.get("target")).get(target)).get("runner")
    return _Output(place, ".wasm", f"{runner if isinstance(runner, str) else 'wasmtime run'} ")


def _table(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
