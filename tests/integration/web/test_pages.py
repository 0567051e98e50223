import pytest

from jarvis.api.operation import OPERATIONS
from page_check import Page
from seed import Seed
from web_lab import Site

BAD = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
WEIGHT = 100_000
MANUAL = 200_000
"""The manual of the API is one page for all operations; people look something up in it, and search."""


@pytest.fixture
def paths(site: Site) -> dict[str, str]:
    """Every kind of page, with rows on them."""
    done = site.seed.live("pages-done")
    failed, workflow = site.seed.deployment("pages-failed")
    site.seed.begin(failed)
    site.seed.step(workflow, 1, done=False)
    site.seed.fail(failed, "The archive was refused.", "Pack it again.", entry="../a", rule="outside")
    runs, workflow = site.seed.deployment("pages-runs")
    site.seed.begin(runs)
    site.seed.step(workflow, 1)
    return {
        "overview": "/",
        "done": f"/deployments/{done}",
        "failed": f"/deployments/{failed}",
        "runs": f"/deployments/{runs}",
        "service": "/services/pages-done",
        "docs": "/api/docs",
        "nothing": "/nothing/here",
    }


def test_it_works(site: Site, cookie: str, paths: dict[str, str]) -> None:
    for name, path in paths.items():
        answer = site.ask(path, cookie=cookie)
        assert answer.status == (404 if name == "nothing" else 200), path
        assert Page(answer.text).faults == [], path
    assert Page(site.ask("/login").text).faults == []


def test_every_page_weighs_little_with_all_that_belongs_to_it(
    site: Site, cookie: str, paths: dict[str, str]
) -> None:
    parts = [site.ask(f"/static/{name}").text for name in ("style.css", "live.js", "favicon.svg")]
    shared = sum(len(text.encode()) for text in parts)
    for path in paths.values():
        most = MANUAL if path == "/api/docs" else WEIGHT
        assert len(site.ask(path, cookie=cookie).text.encode()) + shared < most, path


def test_the_first_page_of_a_new_jarvis_teaches_the_one_command(
    tmp_path_factory: pytest.TempPathFactory, database_url: str
) -> None:
    import web_lab

    with web_lab.serve(database_url, tmp_path_factory.mktemp("empty")) as empty:
        text = empty.ask("/", cookie=empty.log_in()).text
    assert "Nothing runs here yet" in text
    assert "./jarvis deploy PATH --domain mysite.localhost" in text
    assert "<table" not in text


def test_the_overview_shows_a_service_and_its_last_deployment(site: Site, cookie: str) -> None:
    first = site.seed.live("two-times", took=0.25)
    second = site.seed.live("two-times", took=1.5, by="ci")
    text = site.ask("/", cookie=cookie).text
    row = text.split('href="/services/two-times"', 1)[1].split("</tr>", 1)[0]
    assert 'href="http://two-times.localhost:8080/"' in row
    assert ">running<" in row
    assert ">healthy<" in row
    assert '<td data-label="Releases" class="number">2</td>' in row
    recent = text.split('id="recent"')[1]
    assert f"/deployments/{first}" in recent
    assert f"/deployments/{second}" in recent
    assert "250 ms" in recent
    assert "1.5 s" in recent


def test_what_goes_on_now_is_shown_first_with_its_step(site: Site, cookie: str) -> None:
    deployment, workflow = site.seed.deployment("goes-on")
    site.seed.begin(deployment)
    site.seed.step(workflow, 1)
    site.seed.step(workflow, 2, done=False)
    text = site.ask("/", cookie=cookie).text
    item = text.split("Deploy goes-on to goes-on.localhost", 1)[1].split("</li>", 1)[0]
    assert "Working out what it is" in item
    assert "Step 2 of 5" in item
    assert f"/deployments/{deployment}" in item
    assert text.index("Going on now") < text.index(">Services<")


def test_a_deployment_shows_its_facts_and_steps_without_a_script(site: Site, cookie: str) -> None:
    text = site.ask(f"/deployments/{site.seed.live('factual')}", cookie=cookie).text
    for said in (
        "shop.zip",
        "1.2 MiB",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "<code>index.html</code>, the page a browser asks for first",
        'factual answers at <a href="http://factual.localhost:8080/"',
        "Unpacking the artifact",
        "1 of 5 · ",
        "in 41 ms",
        "14 files, 1.2 MiB",
        "2 Mar 2026, 09:30:00 UTC",
    ):
        assert said in text, said
    assert "data-events" not in text


def test_a_failure_is_a_sentence_and_a_hint(site: Site, cookie: str, paths: dict[str, str]) -> None:
    text = site.ask(paths["failed"], cookie=cookie).text
    assert "<strong>The archive was refused.</strong>" in text
    assert "<p>Pack it again.</p>" in text
    assert 'data-step="unpack" data-state="failed"' in text


def test_a_running_story_can_be_followed_from_where_the_page_ends(
    site: Site, cookie: str, paths: dict[str, str]
) -> None:
    assert 'data-after="3"' in site.ask(paths["runs"], cookie=cookie).text


def test_a_service_shows_which_version_answers_now(site: Site, cookie: str) -> None:
    old, new = site.seed.live("versions"), site.seed.live("versions")
    text = site.ask("/services/versions", cookie=cookie).text
    rows = text.split("<tbody>")[1].split("</tr>")
    assert [("answers now" in row) for row in rows if f"/deployments/{new}" in row] == [True]
    assert [("answers now" in row) for row in rows if f"/deployments/{old}" in row] == [False]


def test_a_removed_service_keeps_its_history(site: Site, cookie: str) -> None:
    deployment, _ = site.seed.deployment("was-here")
    text = site.ask("/services/was-here", cookie=cookie).text
    assert "no longer here" in text
    assert f"/deployments/{deployment}" in text


@pytest.mark.parametrize(
    "path",
    [
        "/deployments/nope",
        "/deployments/0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11",
        "/services/nope",
        "/services/%00",
        "/nope",
    ],
)
def test_what_is_not_there_is_said_on_a_page(site: Site, cookie: str, path: str) -> None:
    answer = site.ask(path, cookie=cookie)
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "Not found" in answer.text


def test_the_manual_is_open_to_anyone_and_shows_every_operation(site: Site) -> None:
    text = site.ask("/api/docs").text
    page = Page(text)
    assert page.faults == []
    assert {item.endpoint.removeprefix("api.") for item in OPERATIONS} <= {
        attributes.get("id") for attributes in page.all("article")
    }
    ids = {attributes.get("id") for _, attributes in page.tags}
    inner = [str(a["href"])[1:] for a in page.all("a") if str(a.get("href")).startswith("#")]
    assert set(inner) <= ids
    assert f"{site.url}/api/v1/deployments" in text


def hostile(seed: Seed) -> str:
    """A failed deployment where everything that people hand in is hostile."""
    deployment, workflow = seed.deployment("hostile", domain=BAD, filename=BAD, by=BAD)
    seed.begin(deployment)
    for kind in ("step", "progress", "warning", "line", "error", "done"):
        seed.say(workflow, kind, BAD, BAD[:60], number=1, total=2, done=BAD, unit=BAD, seconds=0.1)
    seed.succeed(deployment)
    other, workflow = seed.deployment("hostile", domain=BAD, filename=BAD, by=BAD)
    seed.begin(other)
    seed.fail(other, BAD, BAD, entry=BAD, rule=BAD)
    return other


def test_whatever_people_hand_in_is_inert(site: Site, cookie: str) -> None:
    failed = hostile(site.seed)
    ok = site.ask("/services/hostile", cookie=cookie).text.split("/deployments/")
    ids = {part[:36] for part in ok[1:]}
    assert failed in ids
    for path in ("/", "/services/hostile", *(f"/deployments/{key}" for key in ids)):
        text = site.ask(path, cookie=cookie).text
        assert "&lt;script&gt;alert(1)" in text, path
        assert "<script>alert" not in text, path
        assert "<img" not in text, path
        assert Page(text).faults == [], path


def test_a_hostile_address_is_inert_on_the_error_and_login_pages(site: Site, cookie: str) -> None:
    for path in (
        "/services/%3Cscript%3Ealert(1)",
        "/deployments/%3Cscript%3Ealert(1)",
        "/login?next=/%22%3E%3Cscript%3E",
    ):
        text = site.ask(path, cookie=cookie if "login" not in path else "").text
        assert "<script>" not in text
        assert Page(text).faults == []
