"""A short storm; `script/chaos` makes a long one."""

from pathlib import Path

from chaos_storm import rage
from jarvis_lab import lab


def test_it_works(tmp_path: Path) -> None:
    with lab() as jarvis:
        storm = rage(jarvis, tmp_path, kills=12, seed=4)
    assert sum(storm.blows.values()) == 12
    assert storm.visits > 0
    assert storm.failed == 0, storm.table()
    assert set(storm.ended) == {"completed"}, storm.table()
    assert (storm.twice, storm.left, storm.wrong) == (0, 0, []), storm.table()
