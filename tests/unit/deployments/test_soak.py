"""When a new version is worse than the one before."""

import pytest

from jarvis.deployments.soak import judge
from jarvis.proxy.visits import Figures

FINE = Figures(1000, 0, 0.05)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (FINE, FINE),
        (FINE, Figures()),
        (Figures(), Figures(30, 0, 9.0)),
        (FINE, Figures(4, 4, 0.05)),
        (FINE, Figures(1000, 49, 0.05)),
        (Figures(1000, 400, 0.05), Figures(100, 75, 0.05)),
        (FINE, Figures(100, 0, 0.99)),
        (Figures(100, 0, 2.0), Figures(100, 0, 5.9)),
        (FINE, Figures(19, 0, 30.0)),
        (Figures(19, 0, 0.05), Figures(100, 0, 30.0)),
    ],
)
def test_what_may_be_chance_or_was_so_before_is_let_pass(before: Figures, now: Figures) -> None:
    assert judge(before, now) == ""


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (FINE, Figures(80, 12, 0.05), "12 of 80 answers were errors (15.0%; 0.0% before)"),
        (Figures(), Figures(5, 5, 0.05), "5 of 5 answers were errors (100.0%; nobody asked before)"),
        (
            Figures(100, 10, 0.05),
            Figures(100, 21, 0.05),
            "21 of 100 answers were errors (21.0%; 10.0% before)",
        ),
        (FINE, Figures(20, 0, 1.5), "19 of 20 answers came within 1.50 s (0.05 s before)"),
    ],
)
def test_what_is_worse_is_said_with_its_figures(before: Figures, now: Figures, said: str) -> None:
    assert judge(before, now) == said
