"""HTTPS of a deployment: give each host its certificate, look at it as a visitor would, write what was seen.

A site that answers by HTTP has not failed because a certificate cannot be had: that is said, tried again
every hour, and a person is asked where only a person can help. Only where a person wants HTTP to lead to
HTTPS, both must answer.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from jarvis.builds.release import MARKER
from jarvis.deployments import settings
from jarvis.deployments.addresses import obstacle
from jarvis.errors import NotProven, Unavailable
from jarvis.home import Home
from jarvis.proxy import authority, certificates, https, marks, secure
from jarvis.proxy.probe import Answer
from jarvis.settings.service import ServiceSettings
from jarvis.workflows import ledger
from models import (
    DomainRecord,
    RecordStatus,
)

Json = dict[str, Any]
Source = Literal["own", "internal", "acme", ""]

PATIENCE = 20.0
"""Seconds for all certificates of a deploy that an authority has to give."""
LOOK = 5.0
"""Seconds to show one that is there."""
TRIES = 3
"""After so many failures a person is asked, whatever the reason may be."""


@dataclass(frozen=True)
class Site:
    """One host of a deployment.

    Attributes:
        host: The host.
        release: What it has to answer with.
        wanted: The settings of the service.
        before: What was seen of it the last time.
    """

    host: str
    release: str
    wanted: ServiceSettings
    before: Mapping[str, Any]


def source(host: str, *, own: bool, acme: bool, reached: bool) -> Source:
    """Where the certificate of a host comes from; empty: an authority would refuse it for now. Pure.

    Args:
        host: The host.
        own: A person gave one for it.
        acme: An authority is asked for public names.
        reached: The name leads visitors here, as the authority wants to see.
    """
    if own:
        return "own"
    if not acme or not https.is_public(host):
        return "internal"
    return "acme" if reached else ""


def leads(found: Source, wanted: ServiceSettings) -> bool:
    """Shall HTTP lead to HTTPS, now that HTTPS was seen to answer? Pure.

    A certificate of our own authority makes browsers warn, so nobody is led to it unasked.
    """
    return wanted.https == "redirect" or (not wanted.https and found in {"own", "acme"})


def prove(facts: Json, reached: Mapping[str, bool]) -> dict[str, Json]:
    """Give every host its certificate and look at it as a visitor would.

    Args:
        facts: Of the deployment, which answers by HTTP already.
        reached: Whether each name leads here.

    Returns:
        Host → what was seen.

    Raises:
        NotProven: HTTP shall lead to HTTPS, and one does not answer.
    """
    ours, wanted = config.settings(), settings.of(facts)
    if not ours.https_port:
        return {}
    if wanted.https == "off":
        forget(facts["hosts"])
        return {}
    before = ledger.patiently(lambda session: _before(session, facts["hosts"]))
    release = facts["configuration"].get("release", facts["deployment_id"])
    found: dict[str, Json] = {}
    end = time.monotonic() + PATIENCE
    for host in facts["hosts"]:
        site = Site(host, release, wanted, before.get(host, {}))
        # What failed a while ago is not waited for as long again: the next hour will tell.
        patience = LOOK if "error" in site.before else end - time.monotonic()
        found[host] = look(site, reached=reached.get(host, False), seconds=patience)
        if wanted.https == "redirect" and (why := found[host].get("error")):
            raise NotProven(
                f"{host} is to answer by HTTPS only, and does not: {why}",
                f"See jarvis logs {facts['service']}; jarvis settings can let HTTP answer, too.",
            )
    return found


def _before(session: Session, hosts: list[str]) -> dict[str, Json]:
    """What was seen of each host the last time, whatever answered there."""
    query = select(DomainRecord).where(
        DomainRecord.domain.in_(hosts), DomainRecord.status != RecordStatus.REMOVED
    )
    return {row.domain: row.domain_metadata.get("https", {}) for row in session.scalars(query)}


def look(site: Site, *, reached: bool, seconds: float = PATIENCE) -> Json:
    """Give one host its certificate, look at it, and let HTTP lead there or not."""
    ours, home = config.settings(), Home(config.settings().home)
    host = site.host
    acme = https.acme(ours)
    found = source(
        host,
        own=certificates.own(home.certificates, host),
        acme=acme is not None,
        reached=reached or ours.acme == "on",
    )
    if found == "internal":
        authority.issue(home.certificates, host)
    elif found != "own":
        authority.forget(home.certificates, host)  # the proxy would take it for the better one
    marks.allow(home.www, host, found == "acme")
    moment = datetime.now(UTC).isoformat()
    if not found:
        marks.put(home.www, host, acme=False, redirect=False, hsts=0)
        return {"seen": moment, "waits": "its name does not lead here yet"}
    seen = _shown(site, found, max(seconds, 1.0) if found == "acme" else LOOK)
    good = "error" not in seen
    redirect = good and leads(found, site.wanted)
    marks.put(home.www, host, acme=found == "acme", redirect=redirect, hsts=site.wanted.hsts if good else 0)
    return {"seen": moment, "by": found, "redirect": redirect, **seen}


def _shown(site: Site, found: Source, seconds: float) -> Json:
    """What a visitor is shown, or why he is not."""
    ours, home = config.settings(), Home(config.settings().home)
    roots = [authority.root_file(home.certificates)]
    if ours.acme_ca_root:
        roots.append(Path(ours.acme_ca_root))
    own = https.chain(home.certificates, site.host) if found == "own" else None
    trusted = secure.trust(*roots, own=own)
    log = home.logs / "proxy.log"

    def ask_for_it() -> tuple[Answer, secure.Shown]:
        return secure.ask(
            site.host,
            ours.https_port,
            f"/{MARKER}",
            trusted=trusted,
            address=ours.proxy_address,
            timeout=seconds,
        )

    try:
        answer, shown = _unless_refused(ask_for_it, log, site.host) if found == "acme" else ask_for_it()
    except Unavailable as error:
        why = obstacle.of(log, site.host) if found == "acme" else None
        tries = int(site.before.get("tries", 0)) + 1
        asks = (why is not None and why.personal) or tries >= TRIES
        return {"error": why.said if why else error.message, "tries": tries, "asks": asks}
    if answer.status != 200 or answer.body.decode("ascii", "replace") != site.release:
        return {"error": f"{site.host} answers {answer.status} by HTTPS, with another release.", "tries": 1}
    return {"issuer": shown.issuer, "not_after": shown.not_after.isoformat(), "serial": shown.serial}


def _unless_refused(
    look_at_it: Callable[[], tuple[Answer, secure.Shown]], log: Path, host: str
) -> tuple[Answer, secure.Shown]:
    """Wait for a certificate no longer than until the authority refused it: Caddy lets a visitor wait on.

    Raises:
        Unavailable: There is none.
    """
    found: list[tuple[Answer, secure.Shown] | Unavailable] = []

    def work() -> None:
        try:
            found.append(look_at_it())
        except Unavailable as error:
            found.append(error)

    began = time.time()
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while thread.is_alive() and obstacle.of(log, host, since=began) is None:
        thread.join(0.25)
    result = found[0] if found else Unavailable(f"{host} has no certificate yet.")
    if isinstance(result, Unavailable):
        raise result
    return result


def said(found: Mapping[str, Json]) -> list[str]:
    """What the story tells of it: only what is not as it should be."""
    return [
        f"No certificate for {host} yet: {seen['error']} HTTP answers; it is tried again every hour."
        for host, seen in found.items()
        if "error" in seen
    ]


def good(host: str, found: Mapping[str, Json]) -> str:
    """What is said of a host that answers by HTTPS as it should; empty for others."""
    seen = found.get(host, {})
    return f", by HTTPS too (certificate of {seen['issuer']})" if "issuer" in seen else ""


def forget(hosts: list[str]) -> None:
    """The proxy does nothing for these hosts any more. A person's own certificates stay."""
    home = Home(config.settings().home)
    marks.forget(home.www, hosts)
    for host in hosts:
        authority.forget(home.certificates, host)
