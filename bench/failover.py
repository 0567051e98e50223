"""A worker is killed with workflows in flight: how soon another one carries them on, and what is done twice.

Twenty workflows of five steps of half a second each; the worker that runs them is killed with -9 in the
middle, while another one stands by. The bare engine never carries them on without what Jarvis adds.
"""

import signal
import time
from collections import Counter

from engine_room import room
from report import Report, options

from story_lab import Stories


def notes(stories: Stories) -> list[str]:
    """What the steps wrote so far."""
    file = stories.home / "notes"
    return file.read_text().splitlines() if file.exists() else []


def killed(stories: Stories, many: int) -> dict[str, float]:
    """One kill: seconds until the first step was taken up and until all was done; steps begun twice."""
    (stories.home / "notes").unlink(missing_ok=True)
    first = stories.start(LAB_AS_IN_EARNEST="1")
    other = stories.start(LAB_AS_IN_EARNEST="1")
    other.send_signal(signal.SIGSTOP)  # so that all of them are the first one's
    keys = [stories.tell("five", queue=f"service {number}", seconds=0.5) for number in range(many)]
    while len([line for line in notes(stories) if line.endswith("step 3")]) < many // 2:
        time.sleep(0.01)
    other.send_signal(signal.SIGCONT)
    began = time.perf_counter()
    first.kill()
    before = len(notes(stories))
    ran = Counter(notes(stories))
    while len(notes(stories)) == before:
        time.sleep(0.005)
    resumed = time.perf_counter() - began
    for key in keys:
        stories.until(key)
    ended = time.perf_counter() - began
    for process in (first, other):
        process.kill()
        process.wait(30)
    counted = Counter(line for line in notes(stories) if not line.endswith("ended"))
    first_steps = sum(1 for line, count in counted.items() if line.endswith("step 1") and count > 1)
    twice = sum(count - 1 for count in counted.values())
    unfinished = sum(1 for line in ran if not line.endswith("ended") and f"{line} ended" not in ran)
    ends = Counter(event.kind for key in keys for event in stories.events(key))["end"]
    return {
        "resumed": resumed,
        "ended": ended,
        "twice": float(twice),
        "in hand": float(unfinished),
        "from the start": float(first_steps),
        "ends": float(ends),
    }


def main() -> None:
    """Measure."""
    wish = options(__doc__ or "", rounds=(3, "kills"), many=(20, "workflows in flight"))
    with room() as (stories, _):
        seen = [killed(stories, wish.many) for _ in range(wish.rounds)]
    report = Report("failover", wish.json)
    report.add("first step taken up after the kill", [one["resumed"] for one in seen], "s", target="≤ 3 s")
    report.add("all done after the kill", [one["ended"] for one in seen], "s", target="≤ 10 s")
    report.add(
        "workflows begun from their first step", [one["from the start"] for one in seen], "", target="0"
    )
    report.add("steps begun twice (of 100)", [one["twice"] for one in seen], "")
    report.add("… that were in hand at the kill", [one["in hand"] for one in seen], "")
    report.add("workflows that ended once", [one["ends"] for one in seen], "", target=str(wish.many))
    report.finish()


if __name__ == "__main__":
    main()
