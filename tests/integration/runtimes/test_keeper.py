"""A keeper by itself."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from shim_lab import until

ALONE = """
import json, sys
from pathlib import Path
from jarvis.runtimes.shim import keeper
import asyncio
keeper.LOST_EVERY = 0.01
asyncio.run(keeper.Keeper(Path.cwd(), json.loads(Path("spec.json").read_text())).run())
"""


def test_one_whose_folder_was_deleted_ends(tmp_path: Path) -> None:
    folder = tmp_path / "i"
    folder.mkdir()
    spec = {"key": "k", "words": [], "targets": [["127.0.0.1", 9]], "groups": []}
    (folder / "spec.json").write_text(json.dumps(spec))
    keeper = subprocess.Popen([sys.executable, "-c", ALONE], cwd=folder)
    try:
        until((folder / "ctl.sock").exists, "the keeper to listen")
        shutil.rmtree(folder)
        assert keeper.wait(30) == 0
    finally:
        keeper.kill()
        keeper.wait()
    assert not folder.exists()
