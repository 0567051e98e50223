"""A Jarvis on a busy morning, as rows: what the pictures in the README show."""

from datetime import timedelta

from sqlalchemy import select

from models import Deployment, HealthStatus, Service
from seed import MORNING, STEPS, Seed


def day(seed: Seed) -> str:
    """Five services with history, one deploy that failed, one that runs; returns the failed one's id."""
    at = MORNING
    for name, times, by in (
        ("blog", 1, "anna"),
        ("docs", 3, "ci"),
        ("shop", 2, "anna"),
        ("status", 1, "ben"),
    ):
        for number in range(times):
            at += timedelta(minutes=17, seconds=8)
            seed.live(name, at=at, took=0.21 + number / 9, by=by, filename=f"{name}.zip")
    seed.live("handbook", at=at, domain="handbook.example.com", filename="handbook-2026.tar.gz", by="ci")
    at += timedelta(minutes=6)
    failed, workflow = seed.deployment("blog", at=at, filename="blog-export.zip", by="anna")
    seed.begin(failed, at)
    seed.say(workflow, "step", STEPS[0][1], "unpack", number=1, total=5)
    seed.fail(
        failed,
        "The archive was refused: “../../etc/passwd” leads out of the folder.",
        "Pack the folder again without absolute names and without “..”, and deploy it once more.",
        at + timedelta(seconds=0.018),
        entry="../../etc/passwd",
        rule="outside",
    )
    unwell(seed, "status")
    return failed


def unwell(seed: Seed, name: str) -> None:
    """The last look at the service saw nothing good."""
    with seed.database.get_session() as session:
        service = session.scalars(select(Service).where(Service.name == name)).one()
        row = session.get_one(Deployment, service.deployment_id)
        row.health_status = HealthStatus.UNHEALTHY


def busy(seed: Seed, steps: int = 3) -> tuple[str, str]:
    """A deploy in the middle of its work; returns its id and its workflow's."""
    at = MORNING + timedelta(hours=3)
    deployment, workflow = seed.deployment("shop", at=at, filename="shop-spring.zip", by="ci")
    seed.begin(deployment, at + timedelta(seconds=0.02))
    for number in range(1, steps + 1):
        seed.step(workflow, number, done=number < steps)
    seed.say(workflow, "warning", "Left out 2 hidden files: .env, .DS_Store", STEPS[steps - 1][0])
    return deployment, workflow
