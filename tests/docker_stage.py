"""Containers of the runtime, made in a real Docker under the label of a JARVIS_HOME of their own."""

import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import base_images
import config
from docker_lab import Engine
from jarvis.runtimes.docker import container, engine, image, network, state
from jarvis.runtimes.docker.container import Spec
from jarvis.runtimes.docker.image import Image
from jarvis.runtimes.docker.state import State
from waiting import until

IMAGE = f"python:{base_images.pythons()[0]}-slim"
WEB = """
import http.server, os
print("it listens", flush=True)
http.server.ThreadingHTTPServer(("0.0.0.0", 8000), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


class Stage:
    """One service and one deployment of it."""

    def __init__(self, lab: Engine) -> None:
        self.lab = lab
        self.service = f"t{uuid4().hex[:8]}"
        self.deployment = str(uuid4())
        self.image = str(lab.api.inspect_image(IMAGE)["Id"])

    def spec(self, *words: str, number: int = 1, **more: Any) -> Spec:
        net = network.make(self.service)
        taken = {one.address for one in state.listed(self.service)}
        return Spec(
            service=self.service,
            deployment=self.deployment,
            number=number,
            image=self.image,
            network=net.name,
            address=net.free(taken),
            words=words,
            **more,
        )

    @property
    def facts(self) -> dict[str, Any]:
        """Of the deployment, as the steps know it; its environment has nothing in it."""
        return {
            "service": self.service,
            "deployment_id": self.deployment,
            "hosts": ["t.localhost"],
            "configuration": {},
        }

    def made(self, code: str = WEB, lines: Sequence[str] = ()) -> Image:
        """An image as a build makes it, which runs a program of Python."""
        words = json.dumps(["python", "-u", "-c", code])
        changes = [*lines, f"CMD {words}"]
        key = self.lab.api.create_container(self.image)["Id"]
        tag = engine.image_tag(self.service, self.deployment)
        labels = [f"LABEL {n}={v}" for n, v in engine.labels(self.service, self.deployment).items()]
        repository, _, name = tag.partition(":")
        self.lab.api.commit(key, repository, name, changes="\n".join([*changes, *labels]))
        self.lab.api.remove_container(key)
        found = image.find(tag)
        assert found is not None
        return found

    def run(self, code: str = WEB, **more: Any) -> State:
        """Start a program of Python."""
        key = container.create(self.spec("python", "-u", "-c", code, **more))
        container.start(key)
        return self.seen(key)

    def seen(self, key: str) -> State:
        found = state.status(key)
        assert found is not None
        return found

    def ended(self, code: str, **more: Any) -> State:
        """Run a program to its end."""
        one = self.run(code, restart=False, **more)
        until(lambda: not self.seen(one.id).running, "it ends")
        return self.seen(one.id)


@contextmanager
def stage(lab: Engine, home: Path) -> Generator[Stage]:
    """A stage of which nothing is left at the end."""
    lab.base(IMAGE)
    settings = config.Settings(home=home, docker_host=lab.url)
    with patch.object(config, "settings", lambda: settings):
        try:
            yield Stage(lab)
        finally:
            lab.sweep(engine.owner())
            left = lab.leftovers(engine.owner())
            engine.client().close()
            engine._CLIENT.clear()
    assert not left
