"""From `git clone` to a website that answers: what a newcomer waits for.

The packages come from where uv or pip gets them, so this depends on the network and their caches;
`--cold 1` gives them empty ones.
"""

import subprocess
import time

from lab import ROOT, folder, jarvis, need
from report import Report, options

DOMAIN = "hello.localhost"


def main() -> None:
    """Clone what is committed, deploy the example, visit it."""
    wish = options(
        __doc__ or "", cold=(0, "1: without the package caches"), repository=(str(ROOT), "what is cloned")
    )
    git = need("git")
    with folder() as place:
        root = place / "jarvis"
        caches = {"UV_CACHE_DIR": str(place / "uv"), "PIP_CACHE_DIR": str(place / "pip")}
        with jarvis(root, caches if wish.cold else {}) as running:
            began = time.perf_counter()
            subprocess.run([git, "clone", "--quiet", "--local", wish.repository, root], check=True)
            cloned = time.perf_counter() - began
            running.run("deploy", root / "examples" / "static-site", "--domain", DOMAIN)
            if (status := running.visit(DOMAIN)) != 200:
                raise SystemExit(f"{DOMAIN} answers {status}.")
            whole = time.perf_counter() - began
            _, again = running.run("deploy", root / "examples" / "static-site", "--domain", DOMAIN)
    report = Report("first", wish.json)
    report.add("clone to answer", whole, "s", target="≤ 90 s", beside=("the next deploy", again))
    report.add("  of it git clone", cloned, "s")
    report.finish()


if __name__ == "__main__":
    main()
