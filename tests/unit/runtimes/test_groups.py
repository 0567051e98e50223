"""What control groups count is read in both of their versions."""

from pathlib import Path

import pytest

from jarvis.runtimes import groups
from jarvis.runtimes.groups import Used

KEY = "4f3c" * 16


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def second(place: str) -> dict[str, str]:
    return {
        "cgroup.controllers": "cpu memory\n",
        f"{place}/cgroup.controllers": "\n",
        f"{place}/memory.current": "5000\n",
        f"{place}/memory.stat": "anon 1\ninactive_file 1000\n",
        f"{place}/memory.max": "max\n",
        f"{place}/cpu.stat": "usage_usec 2500000\nuser_usec 1\n",
    }


def first(place: str, limit: int = groups.NONE * 4) -> dict[str, str]:
    return {
        f"memory/{place}/memory.usage_in_bytes": "5000\n",
        f"memory/{place}/memory.stat": "inactive_file 7\ntotal_inactive_file 1000\n",
        f"memory/{place}/memory.limit_in_bytes": f"{limit}\n",
        f"cpu,cpuacct/{place}/cpuacct.usage": "2500000000\n",
    }


def test_it_works(tmp_path: Path) -> None:
    write(tmp_path, second("jarvis/abc"))
    assert groups.of_program("abc", tmp_path) == Used(4000, 2.5, None)


def test_a_program_in_groups_of_version_1(tmp_path: Path) -> None:
    write(tmp_path, first("jarvis-abc", limit=9000))
    (tmp_path / "cpu").symlink_to("cpu,cpuacct")
    assert groups.of_program("abc", tmp_path) == Used(4000, 2.5, 9000)


def test_what_the_kernel_does_not_count_is_unknown(tmp_path: Path) -> None:
    assert groups.of_program("abc", tmp_path) == Used()
    write(tmp_path, {"cgroup.controllers": "", "jarvis/abc/memory.current": "many\n"})
    assert groups.of_program("abc", tmp_path) == Used()


@pytest.mark.parametrize(
    "lines",
    [
        f"12:memory:/docker/{KEY}\n3:cpu,cpuacct:/docker/{KEY}\n1:name=systemd:/docker/{KEY}\n",
        f"0::/docker/{KEY}\n",
    ],
)
def test_a_container_is_found_by_its_process(tmp_path: Path, lines: str) -> None:
    write(tmp_path / "proc", {"7/cgroup": lines})
    made = second(f"docker/{KEY}") if lines.startswith("0") else first(f"docker/{KEY}")
    write(tmp_path / "groups", made)
    if not lines.startswith("0"):
        (tmp_path / "groups/cpuacct").symlink_to("cpu,cpuacct")
    assert groups.of_process(7, KEY, tmp_path / "groups", tmp_path / "proc") == Used(4000, 2.5, None)


def test_a_process_of_another_machine_tells_nothing(tmp_path: Path) -> None:
    write(tmp_path / "proc", {"7/cgroup": "0::/user.slice\n"})
    write(tmp_path / "groups", second("user.slice"))
    assert groups.of_process(7, KEY, tmp_path / "groups", tmp_path / "proc") == Used()
    assert groups.of_process(8, KEY, tmp_path / "groups", tmp_path / "proc") == Used()
