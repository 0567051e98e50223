"""What it costs to ask for 2,000 services every ten seconds: processor time of each part.

The services are rows and folders as deploys leave them, behind the one proxy of a real Jarvis; the schedule
and the worker are its own. The same Jarvis without them is measured before, beside it.
"""

import hashlib
import json
import time
import uuid
from collections import defaultdict
from pathlib import Path

import psycopg
from idle import family, used
from lab import SITE, Jarvis, jarvis
from report import Report, options

from jarvis.mark import MARKER

PAGE = "<!doctype html><title>{name}</title><p>The page of {name}."
ALONE = """
    INSERT INTO workflows (id, name, workflow_type, status, created_by, queue)
    VALUES (gen_random_uuid(), 'Paused by the bench', 'certificates', 'paused', 'schedule', 'bench')
"""
"""Other routine work is no part of this: while one of a kind is paused, no other one is asked for."""
FILL = (
    """INSERT INTO workflows (id, name, workflow_type, status, created_by, queue, service, completed_at)
       VALUES (%(flow)s, 'Deploy', 'deployment', 'completed', 'bench', %(name)s, %(name)s, now())""",
    """INSERT INTO deployments (id, workflow_id, service_name, domain, status, health_status, configuration,
                                deployed_at, last_health_check)
       VALUES (%(key)s, %(flow)s, %(name)s, %(host)s, 'running', 'healthy', %(facts)s, now(), now())""",
    "INSERT INTO services (id, name, deployment_id) VALUES (%(id)s, %(name)s, %(key)s)",
    "INSERT INTO service_hosts (host, service_id) VALUES (%(host)s, %(id)s)",
)


def folders(home: Path, name: str, host: str, key: str) -> None:
    """A release with one page, and the links that lead to it."""
    release = home / "releases" / name / key
    (release / MARKER).parent.mkdir(parents=True)
    for folder in (release.parent, release, (release / MARKER).parent):
        folder.chmod(0o755)
    content = PAGE.format(name=name)
    (release / "index.html").write_text(content)
    (release / MARKER).write_text(key)
    found = {"index.html": hashlib.sha256(content.encode()).hexdigest()}
    release.with_name(f"{key}.json").write_text(json.dumps(found))
    place = home / "www" / "services" / name
    place.mkdir(parents=True)
    (place / "current").symlink_to(f"../../../releases/{name}/{key}")
    (home / "www" / "sites" / host).symlink_to(f"../services/{name}")


def fill(running: Jarvis, count: int, interval: int) -> None:
    """So many services, each a little later than the one before."""
    url = (running.home / "secrets" / "database_url").read_text().strip()
    facts = {"settings": {"health": {"interval": interval}}, "runtime": "static"}
    rows: list[dict[str, str]] = []
    for number in range(count):
        name, key = f"s{number}", str(uuid.uuid4())
        host = f"{name}.localhost"
        folders(running.home, name, host, key)
        more = {
            "id": str(uuid.uuid4()),
            "flow": str(uuid.uuid4()),
            "facts": json.dumps({**facts, "release": key}),
        }
        rows.append({"name": name, "host": host, "key": key, **more})
    with psycopg.connect(url) as connection:
        connection.execute(ALONE)
        for statement in FILL:
            connection.cursor().executemany(statement, rows)


def cost(top: int, seconds: float) -> dict[str, float]:
    """Part → its share of one core, in percent, over so long."""
    before = {pid: used(pid) for pid in family(top)}
    began = time.monotonic()
    time.sleep(seconds)
    span = time.monotonic() - began
    found: defaultdict[str, float] = defaultdict(float)
    for pid, name in family(top).items():
        found[name] += 100 * (used(pid) - before.get(pid, 0.0)) / span
    return dict(found)


def main() -> None:
    """Without them, then with them."""
    wish = options(
        __doc__ or "",
        services=(2000, "services"),
        interval=(10, "seconds between two looks at each"),
        seconds=(60, "seconds of measuring"),
        calm=(15, "seconds before"),
    )
    with jarvis() as running:
        running.run("up", "--detach")
        running.deploy(SITE, "first.localhost")
        time.sleep(wish.calm)
        top = running.pid()
        without = cost(top, wish.seconds)
        fill(running, wish.services, wish.interval)
        time.sleep(wish.calm)
        found = cost(top, wish.seconds)
        listed = running.get("/services?limit=100")["items"]
        ill = [row["name"] for row in listed if row["health_status"] != "healthy"]
    report = Report("health", wish.json)
    more = {name: value - without.get(name, 0.0) for name, value in found.items()}
    report.add(f"{wish.services} services", sum(more.values()), "%", target="≤ 25 %")
    for name, value in sorted(more.items()):
        report.add(f"  {name}", value, "%")
    report.add("  without services, in all", sum(without.values()), "%")
    report.add("services that were not well", len(ill), "", target="0")
    report.finish()


if __name__ == "__main__":
    main()
