"""The steps of a deploy, each safe to run twice: every name derives from the deployment's id."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

import config
from jarvis.artifacts import unpack as artifacts
from jarvis.artifacts.limits import limits_of
from jarvis.artifacts.stores.store import chosen
from jarvis.artifacts.title import said
from jarvis.builds import release as releases
from jarvis.builds import trash
from jarvis.builds.gather import gather
from jarvis.deployments import inside, lasting, look, record, settings, variables, way
from jarvis.deployments.addresses import hosts, https
from jarvis.deployments.addresses.reach import leads_here
from jarvis.deployments.docker import containers
from jarvis.deployments.pages import expect, gate, rules
from jarvis.deployments.programs import processes
from jarvis.dns.names import is_local
from jarvis.errors import NothingToServe, NotProven, StorageFull
from jarvis.home import Home
from jarvis.proxy import front
from jarvis.proxy.probe import probe
from jarvis.proxy.rules.remark import Remark
from jarvis.proxy.site import current_release, hosts_of, publish, unpublish
from jarvis.runtimes import static
from jarvis.settings import service

Json = dict[str, Any]

WARNINGS = 20
"""Dangerous findings that the story tells; the artifact has all of them."""


@cache
def home() -> Home:
    """The folders of this worker."""
    return Home(config.settings().home)


def _staging(facts: Json) -> Path:
    return home().staging / facts["deployment_id"]


def _release(facts: Json) -> Path:
    return look.release_of(home().releases, facts)


def _throw(folder: Path) -> None:
    trash.throw(folder, home().trash)


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _size(count: int) -> str:
    return f"{count / 1024**2:.1f} MiB" if count >= 1024**2 else f"{count / 1024:.1f} KiB"


def unpack(facts: Json) -> Json:
    """The artifact into a staging folder. The list of files is kept beside it, not in the engine."""
    staging = _staging(facts)
    _throw(staging)
    staging.mkdir(parents=True, mode=0o700)
    tree = staging / "tree"
    artifact = look.artifact_of(facts["deployment_id"])
    try:
        with chosen().local(artifact["path"], artifact["sha256"], staging / "artifact") as source:
            found = artifacts.unpack(source, artifact["filename"], tree, limits_of(config.settings()))
    except StorageFull:
        trash.empty(home().trash)  # this may be the room that the next attempt needs
        raise
    (staging / "files.json").write_text(json.dumps(found.files), encoding="utf-8")
    words = f"{_plural(len(found.files), 'file')}, {_size(found.bytes)}"
    return {"said": words, "files": len(found.files), "bytes": found.bytes, "warnings": list(found.warnings)}


def is_unpacked(facts: Json) -> bool:
    """Does its tree lie there from an earlier life?"""
    return (_staging(facts) / "files.json").is_file()


def is_built(facts: Json, seen: Json) -> bool:
    """Does its release lie there from an earlier life?"""
    return (
        way.WAYS[seen["runtime"]].is_made(facts) if seen["runtime"] in way.WAYS else _release(facts).is_dir()
    )


def is_switched(facts: Json) -> bool:
    """Is its release the one that visitors get, at all names?"""
    www, service = home().www, facts["service"]
    return current_release(www, service) == _release(facts).name and hosts_of(www, service) == sorted(
        facts["hosts"]
    )


def _files(facts: Json) -> dict[str, str]:
    return dict(json.loads((_staging(facts) / "files.json").read_text(encoding="utf-8")))


def analyse(facts: Json) -> Json:
    """What it is; written to the artifact and the deployment."""
    found = inside.look(facts, _staging(facts) / "tree", _files(facts))
    if found.how.runtime in way.WAYS or found.how.made:
        variables.check(facts, found.wishes)
    facts, made = variables.generate(facts, found.wishes)
    if made:
        found = inside.look(facts, _staging(facts) / "tree", _files(facts))
    verdict, plan, how = found.verdict, found.plan, found.how
    kept = service.written(found.wanted)
    record.analysed(facts["deployment_id"], found.configuration())
    hosts.claim(facts, found.wanted)
    dangers = [
        f"{item['why']} ({item['file']})" for item in verdict["findings"] if item["severity"] == "danger"
    ]
    lost = lasting.lost(found.configuration(), facts["service"])
    return {
        "said": said(verdict),
        "kind": verdict["kind"],
        "runtime": how.runtime,
        "settings": kept,
        "hosts": list(found.names),
        "root": how.root,
        "made": how.made,
        "spa": bool(plan["static"] and plan["static"]["spa"])
        if found.wanted.spa is None
        else found.wanted.spa,
        "plan": plan if how.runtime in way.WAYS or how.made else {},
        "environment": facts["configuration"].get("environment", 0),
        variables.DEFAULTS: found.defaults,
        lasting.LOST: lost,
        "warnings": [
            *made,
            *found.remarks,
            *(lost if how.runtime == "process" else ()),
            *dangers[:WARNINGS],
        ],
    }


def known(facts: Json, seen: Json) -> Json:
    """The facts with what the analysis added to them."""
    names = list(seen.get("hosts", facts["hosts"]))  # an analysis by 0.4.0 knew none
    added = {"runtime": seen["runtime"], "settings": seen["settings"], "hosts": names}
    added |= {key: seen[key] for key in ("environment", variables.DEFAULTS, lasting.LOST) if key in seen}
    return {**facts, "hosts": names, "configuration": {**facts["configuration"], **added}}


def build(facts: Json, seen: Json) -> Json:
    """The release folder, or the program with all it needs."""
    if way.runs(facts):
        made = way.of(facts).build(facts, _staging(facts) / "tree", seen["plan"])
        _throw(_staging(facts))
        return made
    release = _release(facts)
    if release.is_dir():  # it was made already, by a run that died before that was kept
        return _released(facts, releases.Release(releases.read_manifest(release), ()))
    if seen["made"]:
        return _made_pages(facts, seen)
    return _pages(facts, _staging(facts) / "tree", seen["root"], _files(facts), spa=seen["spa"])


def _made_pages(facts: Json, seen: Json) -> Json:
    """Pages that a build makes: what it wrote becomes the release, all the rest is thrown away."""
    app = _staging(facts) / "made"
    built = processes.make(facts, _staging(facts) / "tree", seen["plan"], app)
    place = app / "tree" / seen["root"]
    files, links = gather(place)
    if "index.html" not in files:
        shown = seen["root"] or "."
        raise NothingToServe(
            f"The build ended well, but there is no index.html in “{shown}”.",
            "Say where it writes the pages: --static-dir FOLDER.",
            {"folder": shown, "files": sorted(files)[:20]},
        )
    done = _pages(facts, place, "", files, spa=seen["spa"])
    left = [f"Left out {_plural(len(links), 'link')}: {', '.join(links[:5])}"] if links else []
    return {**done, "said": f"{done['said']} ({built})", "warnings": [*done["warnings"], *left]}


def _pages(facts: Json, tree: Path, root: str, files: dict[str, str], *, spa: bool) -> Json:
    current = current_release(home().www, facts["service"])
    release = _release(facts)
    previous = release.parent / current if current else None
    prefix = f"{root}/" if root else ""
    served = [path.removeprefix(prefix) for path in files if path.startswith(prefix)]
    written = rules.read(facts, tree / root, served)
    made = releases.make(
        tree,
        root,
        files,
        release,
        marker=facts["deployment_id"],
        previous=previous,
        spa=spa,
        clean=settings.of(facts).clean,
        rules=rules.text(facts, written.rules),
    )
    return _released(facts, made, *written.remarks)


def _released(facts: Json, made: releases.Release, *remarks: Remark) -> Json:
    """Write down what the release holds."""
    record.built(facts["deployment_id"], made.files)
    _throw(_staging(facts))
    hidden = f"Left out {_plural(len(made.left_out), 'hidden file')}: {', '.join(made.left_out[:5])}"
    return {
        "said": f"release of {_plural(len(made.files), 'file')}",
        "warnings": [*([hidden] if made.left_out else []), *map(str, remarks[:WARNINGS])],
    }


def switch(facts: Json) -> Json:
    """Let the hosts answer with this release."""
    release = _release(facts)
    static.start(release, releases.MARKER, release.name)
    if front.is_app(release):
        front.make(release, release.name, processes.socket_of(facts), rules=rules.text(facts))
    elif "rolled_back_to" in facts["configuration"] and facts["before"]:
        releases.renew_times(release, release.parent / facts["before"])
    if rules.are_there(release):
        gate.ensure()
    publish(home().www, service=facts["service"], hosts=facts["hosts"], release=release)
    return {"said": f"{', '.join(facts['hosts'])} → {release.name[:8]}"}


def is_proven(_facts: Json) -> bool:
    """Was it seen from outside in an earlier life? That says nothing of now, and to ask again is quick."""
    return False


def prove(facts: Json) -> Json:
    """Ask the proxy as a visitor would, and compare what comes back with the release."""
    release = _release(facts)
    settings = config.settings()
    is_app = front.is_app(release)
    files = releases.read_manifest(release)
    seconds = 0.0
    reached: dict[str, bool] = {}
    for host in facts["hosts"]:
        answer = probe(host, settings.http_port, f"/{releases.MARKER}", address=settings.proxy_address)
        if answer.status != 200 or answer.body.decode("ascii", "replace") != release.name:
            raise _unproven(host, f"answered {answer.status} with another release")
        page = probe(host, settings.http_port, "/", address=settings.proxy_address)
        due = expect.answer(release, host, "/")
        if due.by_gate and page.status != due.status:
            raise _unproven(host, f"answered {page.status} instead of {due.status}")
        if is_app:
            way.of(facts).prove(facts, 0 if due.by_gate else page.status)
        elif not due.by_gate and (page.status, page.sha256) != (due.status, files.get(due.page, "")):
            raise _unproven(host, f"answered {page.status} with another page")
        seconds = page.seconds
        reached[host] = is_local(host) or leads_here(host, release.name)
    what = "from the new program" if is_app else "with the new page"
    said = f"{facts['hosts'][0]} answered {what} in {seconds * 1000:.0f} ms"
    secure = https.prove(facts, reached)
    return {
        "said": f"{said}{https.good(facts['hosts'][0], secure)}",
        "reached": reached,
        "https": secure,
        "warnings": https.said(secure),
    }


def _unproven(host: str, seen: str) -> NotProven:
    return NotProven(
        f"The new version is not what visitors of {host} get: the proxy {seen}.",
        "See jarvis status, and whether another program has this port.",
    )


def look_around(session: Session, workflow_id: str) -> Json:
    """The facts of the deployment, and the release that answers before anything is changed."""
    facts = look.at_deployment(session, workflow_id)
    www, service = home().www, facts["service"]
    return {**facts, "before": current_release(www, service), "hosts_before": hosts_of(www, service)}


def undo(facts: Json) -> Json:
    """After a failure: the version before answers, and nothing half-made stays."""
    release = _release(facts)
    before = facts["before"]
    www, service = home().www, facts["service"]
    if current_release(www, service) == release.name and before != release.name:
        if before is not None and (release.parent / before).is_dir():
            names = facts.get("hosts_before") or facts["hosts"]
            publish(www, service=service, hosts=names, release=release.parent / before)
        else:
            unpublish(www, service=service)
    if "release" not in facts["configuration"] and current_release(www, service) != release.name:
        static.remove(release, _throw)
    if current_release(www, service) != release.name or "rolled_back_to" in facts["configuration"]:
        way.undo(facts)
    _throw(_staging(facts))
    return {}


def unroute(facts: Json) -> Json:
    """Let the hosts answer no more."""
    unpublish(home().www, service=facts["service"])
    https.forget(facts["hosts"])
    return {"said": f"{', '.join(facts['hosts'])} answer no more" if facts["hosts"] else "it had no name yet"}


def prove_gone(facts: Json) -> Json:
    """Ask the proxy as a visitor would: nothing may answer."""
    settings = config.settings()
    for host in facts["hosts"]:
        answer = probe(host, settings.http_port, "/", address=settings.proxy_address)
        if answer.status != 404:
            raise NotProven(
                f"{host} still answers ({answer.status}) after its removal.",
                "Try again, and see jarvis status.",
            )
    return {"said": "visitors get a clean “no site here”"}


def delete(facts: Json) -> Json:
    """End its programs and delete all releases of the service."""
    way.stop_all(facts["service"])
    _throw(home().releases / facts["service"])
    if not facts.get("volumes"):
        return {"said": "release folders are deleted"}
    containers.remove_volumes(facts["service"])
    _throw(home().volumes / facts["service"])
    return {"said": "release folders and volumes are deleted"}


def clean(facts: Json) -> Json:
    """End the programs of older versions; delete releases beyond those that are kept to go back to."""
    way.stop_others(facts)
    keep = record.releases_to_keep(facts["service"])
    current = current_release(home().www, facts["service"])
    folder = home().releases / facts["service"]
    for release in folder.iterdir() if folder.is_dir() else ():
        if release.is_dir() and release.name not in keep and release.name != current:
            static.remove(release, _throw)
            way.forget(facts["service"], release.name)
    return {}
