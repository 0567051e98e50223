"""What of a stack is kept over deploys, in what order it starts, and what does not answer for a moment."""

from typing import Any

import pytest

from jarvis.errors import InvalidInput
from jarvis.runtimes.compose import groups

Json = dict[str, Any]

DATA = {"volumes": [{"type": "volume", "source": "data", "target": "/data"}]}


def document(**services: Json) -> Json:
    return {"services": services}


def after(*names: str, how: str = "service_started") -> Json:
    return {"depends_on": {name: {"condition": how, "required": True} for name in names}}


SHOP = document(
    web={"image": "web", **after("api", "migrate", how="service_completed_successfully")},
    api={"image": "api", **after("db", how="service_healthy")},
    migrate={"image": "api", **after("db")},
    db={"image": "db", **DATA},
)


def test_it_works() -> None:
    assert groups.reasons(SHOP) == {"db": "it writes to data"}
    assert groups.levels(SHOP, ["web", "api", "migrate"]) == [["api", "migrate"], ["web"]]
    assert groups.levels(SHOP, SHOP["services"]) == [["db"], ["api", "migrate"], ["web"]]


def test_what_only_reads_is_made_anew() -> None:
    reads = {"volumes": [{"type": "volume", "source": "data", "target": "/data", "read_only": True}]}
    mount = {"volumes": [{"type": "bind", "source": "/files/x", "target": "/x", "read_only": True}]}
    assert groups.reasons(document(web=reads, other=mount)) == {}


def test_databases_and_ports_are_kept() -> None:
    found = groups.reasons(document(cache={}, mail={}, web={}), databases=["cache"], published=["mail"])
    assert found == {"cache": "it is a database", "mail": "it has a port of this machine"}


def test_what_a_kept_one_needs_is_kept_too() -> None:
    found = groups.reasons(
        document(
            db={**DATA, **after("init")},
            init=after("tool"),
            tool={},
            vpn={**DATA},
            torrent={"network_mode": "service:vpn"},
            linked={**DATA, "links": ["helper:h"]},
            helper={},
            web={},
        )
    )
    assert found["init"] == "db needs it"
    assert found["tool"] == "init needs it"
    assert found["torrent"] == "it shares the network of vpn"
    assert found["helper"] == "linked needs it"
    assert "web" not in found


def test_a_circle_is_refused() -> None:
    with pytest.raises(InvalidInput, match="a, b need one another in a circle"):
        groups.levels(document(a=after("b"), b=after("a")), ["a", "b"])


def test_what_runs_to_its_end() -> None:
    found = document(
        web=after("migrate", how="service_completed_successfully"),
        migrate={},
        tool={"restart": "no"},
        job={"deploy": {"restart_policy": {"condition": "none"}}},
        db={"restart": "always"},
    )
    assert groups.once(found) == ["job", "migrate", "tool"]


def changed(name: str, **members: Any) -> Json:
    services = {**SHOP["services"], name: {**SHOP["services"][name], **members}}
    return document(**services)


def outline(found: Json) -> Json:
    return groups.outline(found, groups.reasons(found), b"key")


def said(new: Json, now: Json | None) -> list[str]:
    return groups.downtime(outline(new), outline(now) if now is not None else {})


def test_what_does_not_change_stays_up() -> None:
    assert said(SHOP, None) == []
    assert said(SHOP, SHOP) == []
    assert said(changed("web", image="web:2"), SHOP) == []
    assert said(changed("db", labels={"a": "b"}, ports=[{"target": 1}]), SHOP) == []


def test_a_database_that_changes_is_told_beforehand() -> None:
    told = ["db is stopped and started again: it changed, and it writes to data."]
    assert said(changed("db", image="db:2"), SHOP) == told
    assert said(changed("db", environment={"PASSWORD": "other"}), SHOP) == told


def test_one_that_is_built_may_come_out_new() -> None:
    before = changed("db", build={"context": "/a"})
    assert said(changed("db", build={"context": "/b"}, image="other"), before) == [
        "db is stopped and started again if its image comes out new, since it writes to data."
    ]


def test_one_that_goes_is_told() -> None:
    without = document(**{name: raw for name, raw in SHOP["services"].items() if name != "db"})
    assert said(without, SHOP) == ["db is ended: it is not kept any more. Its volumes stay."]


def test_an_outline_has_no_values() -> None:
    found = outline(changed("db", environment={"PASSWORD": "s3cret"}))
    assert "s3cret" not in str(found)
    assert found["services"] == ["api", "db", "migrate", "web"]
    assert found["kept"].keys() == {"db"}
