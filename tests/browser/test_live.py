import pytest
from playwright.sync_api import Browser, Page, expect

from browser_lab import Visit
from seed import STEPS
from web_lab import Site

BAD = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"


def shown(page: Page) -> str:
    """The steps as they stand on the page."""
    return page.locator("#steps").evaluate(
        "list => [...list.children].map((item) => item.outerHTML.replace(/\\s+/g, ' ')).join('\\n')"
    )


def test_it_works(visit: Visit, site: Site) -> None:
    deployment, workflow = site.seed.deployment("live")
    page = visit.open(f"/deployments/{deployment}")
    expect(page.locator("#state")).to_have_text("pending")
    page.evaluate("window.same = true")
    site.seed.begin(deployment)
    for number, (_, title, said, _) in enumerate(STEPS, 1):
        site.seed.step(workflow, number, done=False)
        item = page.locator("#steps > li").nth(number)
        expect(item.locator("h3")).to_have_text(title)
        expect(item.locator(".step-state")).to_have_text(f"{number} of 5 · running")
        site.seed.say(workflow, "done", said, STEPS[number - 1][0], seconds=0.0125)
        expect(item.locator(".step-state")).to_have_text(f"{number} of 5 · done in 13 ms")
        expect(item.locator(".said")).to_have_text(said)
    expect(page.locator("#state")).to_have_text("deploying")
    site.seed.succeed(deployment)
    expect(page.locator("#state")).to_have_text("running")
    expect(page.locator("#ending")).to_have_text("live answers at http://live.localhost:8080/")
    expect(page.locator("#facts")).to_contain_text("index.html, the page a browser asks for first")
    assert page.evaluate("window.same")


def test_a_failure_appears_as_a_sentence_and_a_hint(visit: Visit, site: Site) -> None:
    deployment, workflow = site.seed.deployment("live-fails")
    page = visit.open(f"/deployments/{deployment}")
    site.seed.begin(deployment)
    site.seed.step(workflow, 1, done=False)
    site.seed.fail(deployment, "The archive was refused.", "Pack it again.", entry="../a", rule="outside")
    expect(page.locator("#state")).to_have_text("failed")
    expect(page.locator("#ending")).to_contain_text("The archive was refused.")
    expect(page.locator("#ending")).to_contain_text("Pack it again.")
    expect(page.locator("#steps > li").last).to_have_attribute("data-state", "failed")


@pytest.mark.parametrize("status", ["completed", "failed", "running"])
def test_what_was_told_live_is_what_a_reload_shows(visit: Visit, site: Site, status: str) -> None:
    deployment, workflow = site.seed.deployment(f"same-{status}")
    page = visit.open(f"/deployments/{deployment}")
    site.seed.begin(deployment)
    say = site.seed.say
    say(workflow, "step", "Unpacking", "unpack", number=1, total=3)
    say(workflow, "progress", "", "unpack", done=1, total=4, unit="files")
    say(workflow, "line", "one line", "unpack")
    say(workflow, "step", "Unpacking", "unpack", number=1, total=3)
    say(workflow, "warning", "a warning", "unpack")
    say(workflow, "progress", "", "unpack", done=3, total=4, unit="files")
    say(workflow, "done", "4 files", "unpack", seconds=75.04)
    say(workflow, "step", "Building", "build", number=2, total=3)
    say(workflow, "progress", "", "build", done=7)
    say(workflow, "error", "an error that was survived")
    say(workflow, "step", "Proving", "prove", number=3, total=3)
    say(workflow, "progress", "", "prove", done=2, total=4, unit="hosts")
    say(workflow, "warning", "late", "build")
    if status == "completed":
        site.seed.succeed(deployment)
    elif status == "failed":
        site.seed.fail(deployment, "No.", "Try again.")
    else:
        say(workflow, "line", "the last")
    if status == "running":
        expect(page.locator(".notes .line").last).to_have_text("the last")
    else:
        expect(page.locator("#ending .notice")).to_be_visible()
    live = shown(page)
    page.reload()
    assert live == shown(page)
    assert page.locator("#steps > li").count() == 4


def test_hostile_words_stay_words(visit: Visit, site: Site) -> None:
    deployment, workflow = site.seed.deployment("live-hostile", domain=BAD)
    page = visit.open(f"/deployments/{deployment}")
    title = page.title()
    site.seed.begin(deployment)
    for kind in ("step", "line", "warning", "error", "done"):
        words = BAD if kind == "step" else f"{BAD} ({kind})"  # a note that only repeats the step is left out
        site.seed.say(workflow, kind, words, "unpack", number=BAD, total=BAD)
    site.seed.say(workflow, "progress", BAD, "unpack", done=BAD, total=BAD, unit=BAD)
    expect(page.locator("#steps h3").last).to_have_text(BAD)
    expect(page.locator("#steps .notes li")).to_have_count(3)
    expect(page.locator(".work").last).to_contain_text("onerror")
    assert page.locator("main img, main script").count() == 0
    site.seed.fail(deployment, BAD, BAD, entry=BAD)
    expect(page.locator("#ending strong")).to_have_text(BAD)
    assert page.locator("main img, main script").count() == 0
    assert page.title() == title


def test_a_story_is_read_on_after_the_web_process_was_away(browser: Browser, alone: Site) -> None:
    deployment, workflow = alone.seed.deployment("live-away")
    visit = Visit(browser, alone)
    visit.log_in()
    page = visit.open(f"/deployments/{deployment}")
    alone.seed.begin(deployment)
    alone.seed.step(workflow, 1)
    expect(page.locator("#steps > li")).to_have_count(2)
    alone.stop()
    expect(page.locator("#connection")).to_have_text("Connecting again …")
    alone.seed.step(workflow, 2)
    alone.seed.step(workflow, 3)
    alone.start()
    expect(page.locator("#steps > li")).to_have_count(4)
    expect(page.locator("#connection")).to_be_empty()
    visit.context.close()


def test_a_session_that_ended_is_said(browser: Browser, alone: Site) -> None:
    deployment, _ = alone.seed.deployment("live-ends")
    visit = Visit(browser, alone)
    visit.log_in()
    page = visit.open(f"/deployments/{deployment}")
    expect(page.locator("#connection")).to_be_empty()  # its answer renewed the cookie
    visit.context.clear_cookies()
    alone.stop()
    alone.start()
    expect(page.locator("#connection")).to_contain_text("reload the page")
    visit.context.close()


def test_the_overview_follows_what_goes_on(browser: Browser, alone: Site) -> None:
    deployment, workflow = alone.seed.deployment("shop")
    visit = Visit(browser, alone)
    visit.log_in()
    page = visit.page
    page.evaluate("window.same = true")
    item = page.locator(".runs li")
    expect(item).to_contain_text("Waiting for a worker")
    expect(page.locator("#services")).to_contain_text("Nothing runs here yet")
    alone.seed.begin(deployment)
    alone.seed.step(workflow, 1)
    alone.seed.step(workflow, 2, done=False)
    expect(item).to_contain_text("Working out what it is")
    expect(item).to_contain_text("Step 2 of 5")
    alone.seed.succeed(deployment)
    expect(page.locator("#services tbody tr")).to_contain_text("shop.localhost")
    expect(item).to_have_count(0)
    assert page.evaluate("window.same")
    visit.context.close()
    assert visit.faults == []


def test_the_page_reads_without_scripts(browser: Browser, site: Site) -> None:
    deployment, workflow = site.seed.deployment("no-script")
    site.seed.begin(deployment)
    site.seed.step(workflow, 1)
    visit = Visit(browser, site, java_script_enabled=False)
    visit.log_in()
    page = visit.open(f"/deployments/{deployment}")
    expect(page.locator("#steps")).to_contain_text("14 files, 1.2 MiB")
    expect(page.locator("#facts")).to_contain_text("2 Mar 2026, 09:30:00 UTC")
    expect(page.get_by_text("reload the page to read further")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("h1")).to_have_text("Log in")
    visit.context.close()
    assert visit.faults == []
