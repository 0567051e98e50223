"""Manifests of Node projects, in the few words that a test is about."""

import json
from typing import Any


def manifest(
    *packages: str, dev: tuple[str, ...] = (), start: str = "", build: str = "", **members: Any
) -> str:
    """A package.json; a package may carry its range after the last @, as in `nuxt@^2`."""
    scripts = dict(members.pop("scripts", {}))
    if start:
        scripts["start"] = start
    if build:
        scripts["build"] = build
    data: dict[str, Any] = {"name": "shop", "private": True, **members}
    if scripts:
        data["scripts"] = scripts
    if packages:
        data["dependencies"] = dict(map(_ranged, packages))
    if dev:
        data["devDependencies"] = dict(map(_ranged, dev))
    return json.dumps(data, indent=2)


def _ranged(package: str) -> tuple[str, str]:
    name, at, wanted = package.rpartition("@")
    return (name, wanted) if at and name else (package, "*")
