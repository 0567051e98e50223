"""The settings of a service: how what was handed in is to run. Without any of them everything works.

They come from a `jarvis.toml` in the artifact and from what a person set; `deployments.configuration` keeps
what a release ran with.
"""

from typing import Any, Literal

import msgspec


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Only what differs from the default is kept."""


class Health(_Part, frozen=True):
    """How one sees that it is well.

    Attributes:
        path: Asked for by HTTP. Empty: what the analysis found, else `/`.
        status: The status of a good answer. 0: any below 400 (500 where no path is known).
        patience: Seconds from the start until it must answer.
        interval: Seconds between two looks at the service that runs.
    """

    path: str = ""
    status: int = 0
    patience: int = 120
    interval: int = 10


class Limits(_Part, frozen=True):
    """What one copy may take. 0: as much as there is.

    Attributes:
        memory: Bytes.
        cpus: Processors, for example 0.5.
        processes: Processes and threads.
    """

    memory: int = 0
    cpus: float = 0.0
    processes: int = 0


class Volume(_Part, frozen=True):
    """A folder that outlives deploys.

    Attributes:
        name: Of the volume, within the service.
        path: Where the program finds it: absolute in a container, else relative to the program's folder.
    """

    name: str
    path: str


class Cron(_Part, frozen=True):
    """A command that runs at its times.

    Attributes:
        name: Within the service.
        schedule: Minute, hour, day, month and weekday, as in crontab(5), in UTC.
        command: As a shell would split it; no shell runs.
    """

    name: str
    schedule: str
    command: str


class Route(_Part, frozen=True):
    """A part of the service's names that another service answers.

    Attributes:
        path: The first segment of the path, such as `/api`.
        service: Which service answers below it.
        strip: Whether that service sees the path without it.
    """

    path: str
    service: str
    strip: bool = False


class Login(_Part, frozen=True):
    """Who may see it.

    Attributes:
        user: The name.
        password: As `scrypt$…`; never the word itself.
    """

    user: str
    password: str


class ServiceSettings(_Part, frozen=True):
    """All settings of a service.

    Attributes:
        runtime: What runs it. Empty: worked out.
        health: How one sees that it is well.
        limits: What one copy may take.
        replicas: Copies of it.
        placement: In a swarm: rules that a machine has to fit, such as `node.labels.disk==ssd`.
        release: A command that runs once, in the new version, before visitors get it: migrations.
        drain: Seconds that requests of the version before have to end.
        soak: Seconds for which a new version is watched after the switch, before it counts as done.
        port: Where the program listens. 0: worked out.
        domains: More names that it answers to.
        www: `redirect`: `www.` before each name leads to the name; `answer`: it answers too; empty: nothing.
        https: `redirect`: HTTP leads to HTTPS; `on`: both answer; `off`: HTTP only; empty: as fits.
        hsts: Seconds for which browsers are told to use HTTPS only. 0: they are not told.
        routes: Parts that other services answer.
        logins: Who may see it. None: everybody.
        spa: Pages are one program in the browser. None: worked out.
        clean: `/about` is answered from `about.html`, and `/about.html` leads there.
        volumes: Folders that outlive deploys.
        cron: Commands that run at their times.
        approval: A person has to agree with the plan of each deploy.
        unhealthy: What is done when it does not answer and starting it again did not help: `ask` a person, or
            `rollback` to the version before first.
        keep: Old releases to keep. 0: as JARVIS_KEEP_RELEASES says.
        public: For a compose file: the service that visitors reach. Empty: worked out.
    """

    runtime: Literal["", "static", "process", "container", "compose", "swarm"] = ""
    health: Health = Health()
    limits: Limits = Limits()
    replicas: int = 1
    placement: tuple[str, ...] = ()
    release: str = ""
    drain: int = 30
    soak: int = 0
    port: int = 0
    domains: tuple[str, ...] = ()
    www: Literal["", "redirect", "answer"] = ""
    https: Literal["", "redirect", "on", "off"] = ""
    hsts: int = 0
    routes: tuple[Route, ...] = ()
    logins: tuple[Login, ...] = ()
    spa: bool | None = None
    clean: bool = True
    volumes: tuple[Volume, ...] = ()
    cron: tuple[Cron, ...] = ()
    approval: bool = False
    unhealthy: Literal["ask", "rollback"] = "ask"
    keep: int = 0
    public: str = ""


KEY = "service"
"""Where `services.settings` keeps what a person set."""


def read(members: Any) -> ServiceSettings:
    """Settings from the JSON that a row keeps. What was checked on its way in is not refused here."""
    return msgspec.convert(members or {}, ServiceSettings)


def written(settings: ServiceSettings) -> dict[str, Any]:
    """The JSON for a row: only what differs from the defaults."""
    return dict(msgspec.to_builtins(settings))
