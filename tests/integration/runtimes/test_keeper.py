"""A keeper by itself, in this process."""

import asyncio
import json
import os
import shutil
from pathlib import Path

import pytest

from jarvis.runtimes.shim import keeper


def test_one_whose_folder_was_deleted_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "i"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(keeper, "LOST_EVERY", 0.01)
    spec = {"key": "k", "words": [], "targets": [["127.0.0.1", 9]], "groups": []}
    (folder / "spec.json").write_text(json.dumps(spec))

    async def live() -> None:
        running = asyncio.create_task(keeper.Keeper(folder, spec).run())
        while not (folder / "ctl.sock").exists():
            await asyncio.sleep(0.01)
        shutil.rmtree(folder)
        async with asyncio.timeout(30):
            await running

    before = os.umask(0o077)
    try:
        asyncio.run(live())
    finally:
        os.umask(before)
    assert not folder.exists()
