"""Which tests this run can do, and what happens to a skip."""

import os

import pytest

AS_ROOT = os.geteuid() == 0
WHO = {"root_only": AS_ROOT, "user_only": not AS_ROOT}


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
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
