"""The gate as a process of a test, beside a real Caddy."""

import base64
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from caddy_lab import CaddyLab, poll
from jarvis.mark import CLEAN, MARKER, RULES
from jarvis.proxy import gate, site
from jarvis.proxy.rules import compile as rules

MAIN = Path(gate.__file__).with_name("__main__.py")


def basic(user: str, word: str) -> str:
    """What a browser sends."""
    return "Basic " + base64.b64encode(f"{user}:{word}".encode()).decode()


class GateLab(CaddyLab):
    """A Caddy where the product lets it run, and the gate."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, wrap=lambda words: ["env", "-C", str(home / "www"), *words])
        self._gate: subprocess.Popen[bytes] | None = None

    def open_gate(self) -> None:
        """Start the gate, and wait until it listens."""
        self.gate.unlink(missing_ok=True)
        words = [sys.executable, "-I", "-S", str(MAIN), str(self.www), str(self.gate)]
        self._gate = subprocess.Popen(words, stdin=subprocess.DEVNULL)
        assert poll(self.gate.exists)

    def close_gate(self) -> None:
        """Kill the gate."""
        if self._gate is not None:
            self._gate.kill()
            self._gate.wait(30)
            self._gate = None

    def pages(
        self,
        service: str,
        files: Mapping[str, bytes | str],
        *,
        name: str = "r1",
        hosts: tuple[str, ...] = (),
        clean: bool = True,
        **settings: Any,
    ) -> str:
        """Publish pages with their rules as a deploy does; returns the host."""
        release = self.release(service, name, {**files, MARKER: name})
        written = rules.read(release, [path for path in files if not path.startswith("_")], clean=clean)
        all_of_them: dict[str, Any] = {"hosts": {}, "routes": {}, "logins": {}, **settings}
        for text, file in ((rules.text(service, written.rules, **all_of_them), RULES), ("1" * clean, CLEAN)):
            (release / file).write_text(text) if text else (release / file).unlink(missing_ok=True)
        for file in ("_headers", "_redirects"):
            (release / file).unlink(missing_ok=True)
        host = f"{service}.localhost"
        site.publish(self.www, service=service, hosts=[host, *hosts], release=release)
        return host

    def start(self) -> None:
        """Start both."""
        self.open_gate()
        super().start()

    def stop(self) -> None:
        """Stop both."""
        super().stop()
        self.close_gate()
