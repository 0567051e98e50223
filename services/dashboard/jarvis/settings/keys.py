"""The keys of a service's settings: one table for file, API, command line, page and documentation."""

from typing import Literal, NamedTuple

Kind = Literal["choice", "flag", "number", "seconds", "bytes", "share", "path", "command", "hosts", "rules"]


class Key(NamedTuple):
    """One setting.

    Attributes:
        name: With a dot before what lies in a table.
        kind: What its value is.
        title: What the page calls it.
        help: What it does.
        words: The values of a choice; an empty one is said by leaving it out.
        low: The smallest value, unless it is 0 and `off` is true.
        high: The largest one.
        off: 0 is a value, too: for “as it is worked out”, or “none”.
        example: As it would be typed.
    """

    name: str
    kind: Kind
    title: str
    help: str
    words: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    off: bool = True
    example: str = ""


class Table(NamedTuple):
    """A setting of which there may be several, each a table with a name.

    Attributes:
        name: Of the list.
        by: The member that tells them apart.
        members: The others: name → whether it must be there.
        title: What the page calls it.
        help: What it does.
        example: As the command line takes it: `volumes.data=data`.
    """

    name: str
    by: str
    members: dict[str, bool]
    title: str
    help: str
    example: str


KEYS: tuple[Key, ...] = (
    Key(
        "runtime",
        "choice",
        "Runtime",
        "What runs it. Left out: worked out from what was handed in and from what the machine has.",
        ("static", "process", "container", "compose", "swarm"),
        example="container",
    ),
    Key(
        "port",
        "number",
        "Port",
        "Where the program listens, for one that does not ask PORT. Left out: worked out.",
        low=1,
        high=65535,
        example="3000",
    ),
    Key(
        "replicas",
        "number",
        "Copies",
        "How many containers of it run side by side.",
        low=1,
        high=100,
        off=False,
        example="2",
    ),
    Key(
        "placement",
        "rules",
        "Placement",
        "In a swarm: rules that a machine has to fit to run a copy, by node.id, node.hostname, node.role, "
        "node.platform.arch or node.labels.NAME, with == or !=.",
        example="node.labels.disk==ssd",
    ),
    Key(
        "release",
        "command",
        "Release command",
        "Runs once in the new version before visitors get it, for example migrations.",
        example="python3 manage.py migrate",
    ),
    Key(
        "drain",
        "seconds",
        "Draining",
        "How long open requests of the version before may take to end.",
        high=3600,
        example="30s",
    ),
    Key(
        "soak",
        "seconds",
        "Soak window",
        "How long a new version is watched after the switch, before it counts as done. 0: not at all.",
        high=3600,
        example="1m",
    ),
    Key("health.path", "path", "Health: path", "What is asked for to see that it is well.", example="/up"),
    Key(
        "health.status",
        "number",
        "Health: status",
        "The status of a good answer. 0: any below 400.",
        low=100,
        high=599,
        example="204",
    ),
    Key(
        "health.patience",
        "seconds",
        "Health: patience",
        "From its start until it must answer.",
        low=1,
        high=800,
        off=False,
        example="2m",
    ),
    Key(
        "health.interval",
        "seconds",
        "Health: interval",
        "Between two looks at the service that runs.",
        low=10,
        high=86400,
        off=False,
        example="1m",
    ),
    Key(
        "limits.memory",
        "bytes",
        "Limit: memory",
        "What one copy may take. 0: as much as there is.",
        low=16 * 1024**2,
        high=2**50,
        example="512MB",
    ),
    Key(
        "limits.cpus",
        "share",
        "Limit: processors",
        "For example 0.5. 0: as many as there are.",
        high=1024,
        example="0.5",
    ),
    Key(
        "limits.processes",
        "number",
        "Limit: processes",
        "Processes and threads. 0: as many as the system allows.",
        low=4,
        high=1_000_000,
        example="200",
    ),
    Key(
        "domains",
        "hosts",
        "More domains",
        "Names that it answers to besides the one that it was deployed to.",
        example="example.org,shop.example.org",
    ),
    Key(
        "www",
        "choice",
        "www",
        "What `www.` before its names does: lead to the name, or answer too.",
        ("redirect", "answer"),
        example="redirect",
    ),
    Key(
        "https",
        "choice",
        "HTTPS",
        "`redirect`: HTTP leads to HTTPS; `on`: both answer; `off`: HTTP only. Left out: what fits the name.",
        ("redirect", "on", "off"),
        example="redirect",
    ),
    Key(
        "hsts",
        "seconds",
        "HSTS",
        "How long browsers are told to use HTTPS only. 0: they are not told.",
        high=63_072_000,
        example="365d",
    ),
    Key(
        "spa",
        "flag",
        "Single-page app",
        "Unknown paths are answered with the first page. Left out: worked out.",
        example="true",
    ),
    Key(
        "clean",
        "flag",
        "Clean addresses",
        "`/about` is answered from `about.html`, and `/about.html` leads there.",
        example="false",
    ),
    Key(
        "approval",
        "flag",
        "Approval",
        "A person has to agree with the plan of each deploy.",
        example="true",
    ),
    Key(
        "unhealthy",
        "choice",
        "When it does not answer",
        "After it was started again in vain: ask a person, or go back to the version before first.",
        ("ask", "rollback"),
        example="rollback",
    ),
    Key(
        "keep",
        "number",
        "Old releases",
        "How many are kept to go back to. 0: as JARVIS_KEEP_RELEASES says.",
        low=1,
        high=1000,
        example="10",
    ),
    Key(
        "public",
        "command",
        "Public service",
        "Of a compose file: the service that visitors reach. Left out: worked out.",
        example="web",
    ),
)

TABLES: tuple[Table, ...] = (
    Table(
        "volumes",
        "name",
        {"path": True},
        "Volumes",
        "Folders that outlive deploys: a name, and where the program finds the folder.",
        "volumes.data=data",
    ),
    Table(
        "cron",
        "name",
        {"schedule": True, "command": True},
        "Cron jobs",
        "Commands that run at their times (UTC): minute, hour, day, month, weekday, or @daily and the like.",
        "cron.tidy='30 3 * * * python3 tidy.py'",
    ),
    Table(
        "routes",
        "path",
        {"service": True, "strip": False},
        "Routes",
        "Parts of its names that another service answers, by the first segment of the path.",
        "routes./api=shop-api",
    ),
    Table(
        "logins",
        "user",
        {"password": True},
        "Logins",
        "Who may see it; without one, everybody. The password is asked for and kept as a checksum.",
        "logins.anna",
    ),
)

NAMES: tuple[str, ...] = (*(key.name for key in KEYS), *(table.name for table in TABLES))
TOP: tuple[str, ...] = tuple(dict.fromkeys(name.partition(".")[0] for name in NAMES))
"""What stands at the top of a file."""


def key(name: str) -> Key | None:
    """The key of that name."""
    return next((one for one in KEYS if one.name == name), None)


def table(name: str) -> Table | None:
    """The table of that name."""
    return next((one for one in TABLES if one.name == name), None)
