"""A folder with a Dockerfile, built on a real Docker by one of its builders."""

import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import build_lab
from docker_lab import Engine
from jarvis.builds.image.make import LIMITS, Image, make
from jarvis.builds.run import Limits

DEBIAN = "debian:bookworm-slim"
SECRET = "s3cr3t-of-nobody"


def hide(text: str) -> str:
    return text.replace(SECRET, "***")


class Yard:
    """A place to build images in, by one builder."""

    def __init__(self, engine: Engine, tree: Path, outside: Mapping[str, str] | None) -> None:
        self.engine = engine
        self.tree = tree
        self.outside = outside
        self.owner = f"test-{uuid.uuid4()}"
        self.said: list[str] = []

    @property
    def text(self) -> str:
        return "\n".join(self.said)

    def make(
        self,
        plan: Mapping[str, Any] | None = None,
        *,
        environment: Mapping[str, str] | None = None,
        limits: Limits = LIMITS,
        say: Callable[[str], None] = lambda _: None,
        **more: Any,
    ) -> Image:
        def tell(line: str) -> None:
            self.said.append(line)
            say(line)

        return make(
            self.tree,
            plan or own(),
            f"jarvis/{self.owner}:1",
            client=self.engine.client,
            environment=environment or {},
            labels={"jarvis.owner": self.owner, "jarvis.service": "shop"},
            say=tell,
            hide=hide,
            limits=limits,
            address=self.engine.url,
            outside=self.outside,
            **more,
        )

    def dockerfile(self, *lines: str, **files: str) -> None:
        build_lab.lay(self.tree, {"Dockerfile": "\n".join((*lines, "")), **files})

    def run(self, *words: str) -> str:
        """What a container of the image says."""
        api = self.engine.api
        made = api.create_container(
            f"jarvis/{self.owner}:1", list(words) or None, labels={"jarvis.owner": self.owner}
        )
        try:
            api.start(made["Id"])
            api.wait(made["Id"])
            return str(api.logs(made["Id"]).decode())
        finally:
            api.remove_container(made["Id"], force=True, v=True)


def own(file: str = "Dockerfile", root: str = "") -> dict[str, Any]:
    return {"uses": "own-dockerfile", "file": file, "root": root, "hint": "", "dockerfile": None}
