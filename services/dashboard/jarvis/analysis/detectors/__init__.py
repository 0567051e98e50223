"""The kinds that Jarvis recognises, in the order in which they are asked; the first answer wins.

A finished page comes first: a folder that holds `index.html` can be served whatever else lies beside it.
Projects come last; today they only explain why there is nothing to serve yet.
"""

from collections.abc import Callable, Sequence

from jarvis.analysis.detectors import output, page, project
from jarvis.analysis.verdict import Verdict

Detector = Callable[[Sequence[str]], Verdict | None]

DETECTORS: tuple[Detector, ...] = (page.detect, output.detect, project.detect)
