"""Which tests this run can do, in which order, and what happens to a skip."""

import os
from pathlib import Path

import pytest

AS_ROOT = os.geteuid() == 0
WHO = {"root_only": AS_ROOT, "user_only": not AS_ROOT}
LONG = ("acceptance", "chaos", "browser")
"""Folders whose files take a minute each and mostly wait."""
SKIPPED = 8
"""How a run ends whose only fault are skips: asking a failed test once more does not mend that."""


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest our marks."""
    config.addinivalue_line("markers", "root_only: what only root can do or meet")
    config.addinivalue_line("markers", "user_only: what only a normal user meets; root may do everything")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of the other kind of user, and count them as such."""
    unfit = [mark for mark, fits in WHO.items() if not fits]
    other = [item for item in items if any(item.get_closest_marker(mark) for mark in unfit)]
    if other:
        config.hook.pytest_deselected(items=other)
        items[:] = [item for item in items if item not in set(other)]
        config.stash[LEFT_OUT] = [item.nodeid for item in other]
    if hasattr(config, "workerinput"):
        items[:] = _spread(items, config.rootpath)


def _spread(items: list[pytest.Item], root: Path) -> list[pytest.Item]:
    """Long files among the short ones, all of them begun before the last quarter of these.

    A worker gets a file at a time: several long ones at once would starve each other, and one that begins
    last is waited for alone.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    long = [file for file in files if {*LONG} & {*file.relative_to(root).parts}]
    short = [file for file in files if file not in {*long}]
    turns = [(0.75 * turn / len(long), file) for turn, file in enumerate(long)]
    turns += [(turn / len(short), file) for turn, file in enumerate(short)]
    return [item for _, file in sorted(turns) for item in files[file]]


LEFT_OUT = pytest.StashKey[list[str]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what was left out, and what was skipped where nothing may be."""
    who, mark = ("root", "user_only") if AS_ROOT else ("a normal user", "root_only")
    terminalreporter.write_line(
        f"This run is {who}'s: tests marked {mark} are left out, they need the other kind."
    )
    for name in config.stash.get(LEFT_OUT, []):  # with -n, only the processes that collect know the names
        terminalreporter.write_line(f"Left out: {name}")
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and os.environ.get("JARVIS_TESTS_NO_SKIPS"):
        terminalreporter.write_line(f"{len(skipped)} tests were skipped; here none may be.", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where every component is installed, a skip is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = isinstance(reporter, pytest.TerminalReporter) and reporter.stats.get("skipped")
    if skipped and os.environ.get("JARVIS_TESTS_NO_SKIPS"):
        session.exitstatus = SKIPPED
