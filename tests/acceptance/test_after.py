"""After the switch: a new version is watched, taken back where it is not well, and the old one is proven."""

import json
import socket
from pathlib import Path
from typing import Any

import receiver as receivers
from jarvis_lab import Lab, Visitor, until
from programs import program

DIES = "import threading; threading.Timer(2.0, lambda: os._exit(7)).start()"
"""It listens first, and ends by itself a little later."""
FAILS = """\
import socket
def fails(self, well=Handler.do_GET):
    with socket.socket() as other:
        gone = other.connect_ex(("127.0.0.1", {port}))
    self.send_error(500) if self.path == "/" and gone else well(self)
Handler.do_GET = fails
"""
"""It answers while somebody listens on a port, then with an error, also when it is started again."""


def said(jarvis: Lab, told: dict[str, Any], step: str) -> str:
    """What a step of a deploy came to."""
    rows = jarvis.rows(
        "SELECT said FROM workflow_steps WHERE workflow_id = %s AND name = %s", told["workflow_id"], step
    )
    return str(rows[0][0])


def test_it_works(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(program(tmp_path / "a1", "one")), "--domain", "a.localhost")
    jarvis.good("settings", "set", "a", "soak=3s")
    with Visitor(jarvis, "a.localhost", ["one", "two"]) as visitor:
        told = jarvis.told("deploy", str(program(tmp_path / "a2", "two")), "--domain", "a.localhost")
    assert visitor.wrong == []
    assert "no error" in said(jarvis, told, "soak")
    assert "before:" in said(jarvis, told, "soak")
    assert "Health: healthy" in jarvis.good("status", "a")


def test_a_program_that_ends_after_the_switch_is_taken_back(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(program(tmp_path / "b1", "old")), "--domain", "b.localhost")
    pid = jarvis.get("b.localhost", "/pid")
    jarvis.good("settings", "set", "b", "soak=20s")
    new = program(tmp_path / "b2", "new", before=DIES)
    words = jarvis.refused("deploy", str(new), "--domain", "b.localhost")
    assert "ended by itself" in words
    assert "What answered before answers again: seen at b.localhost" in words
    assert jarvis.get("b.localhost", "/pid") == pid, "the old program ran on all the time"


def test_errors_that_visitors_get_take_it_back_with_the_figures(jarvis: Lab, tmp_path: Path) -> None:
    jarvis.good("deploy", str(program(tmp_path / "c1", "old")), "--domain", "c.localhost")
    jarvis.good("settings", "set", "c", "soak=5m", "health.path=/up")
    with socket.create_server(("127.0.0.1", 0)) as other:
        new = program(tmp_path / "c2", "new", before=FAILS.format(port=other.getsockname()[1]))
        deploy = jarvis.start("deploy", str(new), "--domain", "c.localhost")
        with Visitor(jarvis, "c.localhost", ["old", "new"]) as visitor:
            step = "SELECT 1 FROM workflow_steps WHERE name = 'soak' AND status = 'running'"
            until(lambda: jarvis.rows(step), "it is watched")
            other.close()
            words = "".join(deploy.communicate(timeout=120))
    assert "answers were errors" in words
    assert "What answered before answers again" in words
    assert visitor.wrong, "visitors got errors"
    assert jarvis.get("c.localhost") == (200, b"old")


def test_a_version_that_cannot_be_mended_gives_way_to_the_one_before_and_people_are_told(
    jarvis: Lab, tmp_path: Path
) -> None:
    with receivers.serve() as room, socket.create_server(("127.0.0.1", 0)) as other:
        jarvis.good("notices", "add", "ntfy", f"http://127.0.0.1:{room.port}/topic", "--event", "service")
        jarvis.good("deploy", str(program(tmp_path / "d1", "old")), "--domain", "worn.localhost")
        jarvis.good("settings", "set", "worn", "unhealthy=rollback")
        new = program(tmp_path / "d2", "new", before=FAILS.format(port=other.getsockname()[1]))
        jarvis.good("deploy", str(new), "--domain", "worn.localhost")
        other.close()
        jarvis.refused("check", "worn")
        until(lambda: jarvis.get("worn.localhost") == (200, b"old"), "Jarvis goes back")
        until(lambda: len(room.letters) >= 2, "people are told")
    titles = [json.loads(letter.body)["title"] for letter in room.letters]
    assert titles == ["worn does not answer as it should", "worn answers again"]
    assert "it answers 500" in json.loads(room.letters[0].body)["message"]
    query = "SELECT queue FROM workflows WHERE workflow_type = 'rollback' AND created_by = 'health'"
    assert ("worn",) in jarvis.rows(query)
    changes = jarvis.api("GET", "/api/v1/services/worn/health")[1]["changes"]
    assert [row["after"] for row in changes] == ["healthy", "unhealthy", "healthy", "healthy"]
