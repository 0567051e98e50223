"""Control groups of both versions, in folders that look like them."""

from pathlib import Path

from jarvis import limits
from jarvis.limits import Limits

ALL = Limits(memory=1000, pids=10, cpus=0.5)


def second(root: Path, controllers: str) -> Path:
    ours = root / "jarvis"
    ours.mkdir()
    for place in (root, ours):
        (place / "cgroup.controllers").write_text(f"{controllers}\n")
    return root


def test_it_works(tmp_path: Path) -> None:
    for name in ("memory", "pids", "cpu"):
        (tmp_path / name).mkdir()
    assert limits.available(tmp_path) == {"memory", "pids", "cpu"}
    made = limits.make("x", ALL, tmp_path)
    assert made == [str(tmp_path / name / "jarvis-x") for name in ("memory", "pids", "cpu")]
    assert (tmp_path / "memory/jarvis-x/memory.limit_in_bytes").read_text() == "1000"
    assert (tmp_path / "pids/jarvis-x/pids.max").read_text() == "10"
    assert (tmp_path / "cpu/jarvis-x/cpu.cfs_quota_us").read_text() == "50000"


def test_version_2_has_one_group_and_hands_its_controllers_down(tmp_path: Path) -> None:
    root = second(tmp_path, "cpuset cpu memory pids")
    assert limits.available(root) == {"memory", "pids", "cpu"}
    assert limits.make("x", ALL, root) == [str(root / "jarvis/x")]
    found = {file.name: file.read_text() for file in (root / "jarvis/x").iterdir()}
    assert found["memory.max"] == "1000"
    assert found["pids.max"] == "10"
    assert found["cpu.max"] == "50000 100000"
    assert (root / "jarvis/cgroup.subtree_control").read_text().startswith("+")


def test_without_a_limit_there_is_no_group(tmp_path: Path) -> None:
    assert limits.make("x", Limits(), second(tmp_path, "memory")) == []
    assert not (tmp_path / "jarvis/x").exists()


def test_a_machine_without_control_groups_limits_nothing(tmp_path: Path) -> None:
    assert limits.available(tmp_path) == set()
    assert limits.make("x", ALL, tmp_path) == []
    assert limits.make("x", ALL, tmp_path / "missing") == []


def test_what_one_controller_cannot_the_others_still_do(tmp_path: Path) -> None:
    (tmp_path / "pids").mkdir()
    assert limits.available(tmp_path) == {"pids"}
    assert limits.make("x", ALL, tmp_path) == [str(tmp_path / "pids/jarvis-x")]


def test_a_weight_is_what_each_version_calls_it(tmp_path: Path) -> None:
    (tmp_path / "cpu").mkdir()
    limits.make("x", Limits(weight=50), tmp_path)
    assert (tmp_path / "cpu/jarvis-x/cpu.shares").read_text() == "512"
    root = second(tmp_path, "cpu")
    limits.make("x", Limits(weight=50), root)
    assert (root / "jarvis/x/cpu.weight").read_text() == "50"


def test_a_group_of_somebody_else_is_bound_and_let_go(tmp_path: Path) -> None:
    for name in ("memory.max", "memory.swap.max"):
        (tmp_path / name).write_text("max")
    limits.bind(tmp_path, Limits(memory=1000, cpus=1))
    assert (tmp_path / "memory.max").read_text() == "1000"
    assert not (tmp_path / "cpu.max").exists(), "only what the kernel offers is written"
    limits.unbind(tmp_path)
    assert (tmp_path / "memory.max").read_text() == "max"


def test_ends_by_the_kernel_are_counted_in_both_versions(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    (tmp_path / "first/memory.oom_control").write_text("oom_kill_disable 0\nunder_oom 0\noom_kill 2\n")
    (tmp_path / "second/memory.events").write_text("low 0\noom 4\noom_kill 1\noom_group_kill 9\n")
    groups = [str(tmp_path / name) for name in ("first", "second", "missing")]
    assert limits.kills(groups) == 3
