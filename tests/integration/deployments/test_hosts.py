"""Which names a service has: from its settings, claimed before the work and given up after it."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from jarvis.deployments import look, record, request
from jarvis.deployments.addresses import hosts
from jarvis.errors import ArchiveRefused, Conflict
from jarvis.settings.service import ServiceSettings, written
from models import Deployment, DeploymentStatus, Service, ServiceHost
from seed import Seed


def named(seed: Seed, name: str, status: DeploymentStatus = DeploymentStatus.DEPLOYING) -> dict[str, Any]:
    """A deployment that is worked on, of a service with its first name."""
    deployment, workflow = seed.deployment(name, status=status)
    with seed.database.get_session() as session:
        service = request.service_of(session, name)
        request.claim(session, service, f"{name}.localhost")
        row = session.get_one(Deployment, UUID(deployment))
        row.domain = f"{name}.localhost"
        row.configuration = {"hosts": [row.domain]}
    return {
        "workflow_id": workflow,
        "deployment_id": deployment,
        "service": name,
        "domain": f"{name}.localhost",
    }


def names(seed: Seed, name: str) -> list[str]:
    with seed.database.get_session() as session:
        query = select(ServiceHost.host).join(Service).where(Service.name == name)
        return sorted(session.scalars(query))


def test_it_works(seed: Seed) -> None:
    facts = named(seed, "shop")
    wanted = ServiceSettings(domains=("Shop.Example.", "www.other.example"), www="redirect")
    claimed = hosts.claim(facts, wanted)
    assert claimed == [
        "shop.localhost",
        "shop.example",
        "www.other.example",
        "www.shop.localhost",
        "www.shop.example",
    ]
    assert names(seed, "shop") == sorted(claimed)
    assert hosts.claim(facts, wanted) == claimed, "it may be done twice"
    with seed.database.get_session() as session:
        assert look.at_deployment(session, facts["workflow_id"])["hosts"] == claimed
    assert hosts.leads("shop.localhost", wanted) == {
        "www.shop.localhost": "shop.localhost",
        "www.shop.example": "shop.example",
    }
    assert hosts.leads("shop.localhost", ServiceSettings(www="answer")) == {}


def test_a_name_of_another_service_is_a_clear_error_and_nothing_is_claimed(seed: Seed) -> None:
    named(seed, "wiki")
    facts = named(seed, "shop")
    with pytest.raises(Conflict, match=r"wiki.localhost belongs to the service “wiki”") as caught:
        hosts.claim(facts, ServiceSettings(domains=("a.example", "wiki.localhost")))
    assert "settings of “shop”" in caught.value.hint
    assert names(seed, "shop") == ["shop.localhost"]


def test_a_deploy_that_fails_gives_its_new_names_up(seed: Seed) -> None:
    before = named(seed, "shop", DeploymentStatus.RUNNING)
    hosts.claim(before, ServiceSettings(domains=("old.example",)))
    facts = named(seed, "shop")
    hosts.claim(facts, ServiceSettings(domains=("new.example",)))
    assert names(seed, "shop") == ["new.example", "old.example", "shop.localhost"]
    record.failed(facts, ArchiveRefused("No."))
    assert names(seed, "shop") == ["old.example", "shop.localhost"]


def test_a_service_with_more_names_can_be_deployed_to_each_of_them(seed: Seed) -> None:
    facts = named(seed, "shop")
    hosts.claim(facts, ServiceSettings(domains=("shop.example",)))
    with seed.database.get_session() as session:
        service = request.service_of(session, "shop")
        for host in ("shop.localhost", "shop.example"):
            request.claim(session, service, host)
        with pytest.raises(Conflict, match="is taken by the service at"):
            request.claim(session, service, "third.example")


def test_going_back_brings_back_the_names_of_then(seed: Seed) -> None:
    wanted = ServiceSettings(domains=("old.example",))
    first = named(seed, "shop", DeploymentStatus.STOPPED)
    hosts.claim(first, wanted)
    back, workflow = seed.deployment("shop", status=DeploymentStatus.PENDING)
    with seed.database.get_session() as session:
        assert "old.example" not in hosts.give_up(session, "wiki")
        row = session.get_one(Deployment, UUID(back))
        configuration = session.get_one(Deployment, UUID(first["deployment_id"])).configuration
        row.domain, row.configuration = "shop.localhost", {**configuration, "settings": written(wanted)}
    with seed.database.get_session() as session:
        session.query(ServiceHost).filter(ServiceHost.host == "old.example").delete()
    with seed.database.get_session() as session:
        assert look.at_deployment(session, workflow)["hosts"] == ["shop.localhost", "old.example"]
    assert names(seed, "shop") == ["old.example", "shop.localhost"]
