"""Looks after the containers of stacks: copies what they say, and removes those that no version needs."""

import logging
import zlib
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from jarvis.deployments.compose import lift
from jarvis.deployments.programs.program import home
from jarvis.deployments.record import ENDED
from jarvis.runtimes import process
from jarvis.runtimes.compose import member, stack
from jarvis.runtimes.compose.member import Member
from jarvis.runtimes.compose.override import FRESH, KEPT, ONCE
from jarvis.runtimes.docker import follow as follower
from jarvis.runtimes.docker import state
from jarvis.runtimes.docker.state import Brief
from jarvis.workflows import ledger
from models import Deployment, DeploymentStatus

log = logging.getLogger(__name__)

Json = dict[str, Any]


def look() -> int:
    """Copy logs, remove what nobody needs; returns how many containers were removed."""
    there = member.listed()
    if not there:
        return 0
    running, busy, ended = ledger.patiently(lambda session: _versions(session, there))
    gone: list[Member] = []
    for one in there:
        key = one.deployment or running.get(one.service, "")
        if one.group == FRESH:
            needed = one.deployment not in ended or _drains(one.deployment)
        else:
            needed = (
                one.group != KEPT or one.service in busy or not key or one.part in _kept(key, one.service)
            )
        if not needed:
            gone.append(one)
        elif key and one.group != ONCE:
            _follow(one, key)
    member.end(gone)
    for service, key in {(one.service, one.deployment) for one in gone if one.deployment}:
        member.end_networks(service, key)
    if gone:
        log.info("Removed %d containers of stacks that nobody needs", len(gone))
    return len(gone)


def _versions(session: Session, there: list[Member]) -> tuple[dict[str, str], set[str], set[str]]:
    """Service → the deployment that runs; services that are worked on; deployments that are over."""
    query = select(Deployment.id, Deployment.service_name, Deployment.status).where(
        or_(
            Deployment.id.in_({UUID(one.deployment) for one in there if one.deployment}),
            Deployment.service_name.in_({one.service for one in there}) & Deployment.status.not_in((*ENDED,)),
        )
    )
    running: dict[str, str] = {}
    busy: set[str] = set()
    ended: set[str] = set()
    for key, service, status in session.execute(query):
        if status is DeploymentStatus.RUNNING:
            running[service] = str(key)
        elif status in ENDED:
            ended.add(str(key))
        else:
            busy.add(service)
    return running, busy, ended


def _kept(deployment: str, service: str) -> set[str]:
    """What the version that runs keeps; nothing when it is no stack."""

    def work(session: Session) -> str:
        row = session.get_one(Deployment, UUID(deployment))
        return str(row.configuration.get("release") or row.id)

    made = stack.read(lift.folder_of(service, ledger.patiently(work)))
    return set(made.kept) if made is not None else set()


def _drains(deployment: str) -> bool:
    return process.status(home().instances, deployment) is not None


def follow(service: str, deployment: str) -> None:
    """Copy what the containers of a deployment say to where people read it."""
    for one in member.of(service, deployment):
        _follow(one, deployment)


def _follow(one: Member, deployment: str) -> None:
    brief = Brief(id=one.id, deployment=deployment, number=zlib.crc32(one.part.encode()), running=one.running)
    follower.begin(brief, process.folder_of(home().instances, deployment), f"{one.part} | ")


def one(name: str) -> None:
    """Remove the container of that name, if it is of ours."""
    found = state.status(name)
    if found is not None and found.service:
        member.end([Member(found.id, found.service, "", "once", "", "", running=found.running)], 0)
