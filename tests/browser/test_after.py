"""The pages of a service's life after its deploy, as a person sees them."""

import math
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from browser_lab import CONTRAST, Visit
from models import Deployment, HealthChange, Service, UsageSample, Webhook, WebhookDelivery
from web_lab import Site

WORD = "x" * 150
PAGES = ("/services/used", "/services/used/settings", "/notices", "/certificate-authority")


@pytest.fixture(scope="module", autouse=True)
def used(site: Site) -> None:
    """A service that was measured, was ill and is well again; a channel with long words."""
    key, now = UUID(site.seed.live("used")), datetime.now(UTC)
    with site.database.get_session() as session:
        row = session.get_one(Deployment, key)
        https = {"used.localhost": {"by": "internal", "issuer": "Jarvis"}}
        row.configuration = {**row.configuration, "runtime": "process", "https": https}
        service = session.scalars(select(Service).where(Service.name == "used")).one()
        session.add_all(
            UsageSample(
                service_id=service.id,
                at=now - timedelta(minutes=number),
                deployment_id=key,
                cpu_seconds=1.0,
                cpu=20 + 20 * math.sin(number / 40),
                memory=round(120e6 + 4e7 * math.sin(number / 90)),
                memory_limit=256_000_000,
            )
            for number in range(0, 600, 2)
        )
        session.add(HealthChange(deployment_id=key, before="healthy", after="unhealthy", why=WORD))
        events = ["service.unhealthy"]  # others tell no channel, since here is no engine
        hook = Webhook(kind="ntfy", name=WORD, url="https://ntfy.sh/…", secret=b"", events=events)
        session.add(hook)
        session.flush()
        told = {"event": "service.unhealthy", "status": "failed", "attempts": 3, "error": WORD}
        session.add(WebhookDelivery(webhook_id=hook.id, **told))


def test_it_works(visit: Visit) -> None:
    page = visit.open("/services/used")
    lines = page.locator("svg[role=img] path.line")
    expect(lines).to_have_count(2)
    assert [lines.nth(at).evaluate("line => line.getTotalLength() > 300") for at in (0, 1)] == [True, True]
    expect(page.get_by_role("img", name="Memory over the last 12 h")).to_be_visible()
    page.get_by_role("link", name="how to trust it").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download jarvis-root.crt").click()
    assert download.value.path().read_text().startswith("-----BEGIN CERTIFICATE-----")


def test_a_channel_is_added_and_removed(visit: Visit) -> None:
    page = visit.open("/notices")
    page.get_by_text("ntfy", exact=True).last.click()
    page.get_by_label("Address with its topic").fill("https://ntfy.sh/my-topic")
    page.locator("#ntfy-name").fill("Telephone")
    page.locator("details[open] button").click()
    row = page.locator("table.notices tr", has_text="Telephone")
    expect(row).to_contain_text("what matters")
    page.get_by_role("button", name="Pause Telephone").click()
    expect(row).to_contain_text("off")
    page.get_by_role("button", name="Remove Telephone").click()
    expect(row).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_and_can_be_read(browser: Browser, site: Site, scheme: str) -> None:
    visit = Visit(browser, site, color_scheme=scheme)
    visit.enter()
    for path in PAGES:
        page = visit.open(path)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate(CONTRAST)["poor"] == [], path
    visit.context.close()
    assert visit.faults == []
