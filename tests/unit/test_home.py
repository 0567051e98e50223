"""Where things lie in JARVIS_HOME."""

import os
from pathlib import Path

from jarvis.home import LONGEST_SOCKET, Home

NAMES = [name for name, value in vars(Home).items() if isinstance(value, property)]
SHORT, LONG = Home(Path("/srv/jarvis")), Home(Path("/srv") / ("x" * 120))


def test_it_works() -> None:
    assert SHORT.run == Path("/srv/jarvis/run")
    assert SHORT.release("shop", "1") == Path("/srv/jarvis/releases/shop/1")


def test_everything_of_a_short_home_lies_inside_it() -> None:
    assert len(NAMES) > 10
    for name in NAMES:
        assert getattr(SHORT, name).is_relative_to(SHORT.root), name


def test_a_long_home_gets_a_short_run_folder() -> None:
    assert not LONG.run.is_relative_to(LONG.root)
    assert len(os.fsencode(LONG.run / "postgres/.s.PGSQL.5432.lock")) <= LONGEST_SOCKET
    assert LONG.secrets.is_relative_to(LONG.root)


def test_the_short_run_folder_is_always_the_same_and_never_another_homes() -> None:
    assert LONG.run == Home(LONG.root).run
    assert LONG.run != Home(Path(f"{LONG.root}y")).run
    assert str(os.getuid()) in LONG.run.name


def test_bytes_count_and_not_letters() -> None:
    assert Home(Path("/srv") / ("x" * 60)).run.name == "run"
    assert Home(Path("/srv") / ("ü" * 60)).run.name != "run"


def test_the_longest_home_with_its_own_run_folder_still_fits_a_socket() -> None:
    for length in range(1, 110):
        run = Home(Path("/") / ("x" * length)).run
        if run.name == "run":
            assert len(os.fsencode(run / "postgres/.s.PGSQL.5432.lock")) <= LONGEST_SOCKET
