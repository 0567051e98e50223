"""The pages of artifacts, and their forms as a browser without JavaScript sends them."""

import io
import tarfile
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import web_lab
from jarvis.accounts.roles import Role
from jarvis.artifacts.examine import examine
from jarvis.artifacts.verdict import write_down
from models import Artifact, Deployment, FileType, Service, Workflow, WorkflowStatus
from page_check import Page
from seed import MORNING
from web_lab import Site

BAD = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
NOBODY = "0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11"
BOUNDARY = "----boundary"
FORMS = (
    "/artifacts", "/artifacts/git", f"/artifacts/{NOBODY}/deploy",
    f"/artifacts/{NOBODY}/analysis", f"/artifacts/{NOBODY}/delete",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(prepared: Site) -> Site:
    return prepared


@pytest.fixture(scope="module")
def cookie(site: Site) -> str:
    return site.log_in()


@pytest.fixture(scope="module")
def viewer(site: Site) -> str:
    return site.log_in(site.seed.token(Role.VIEWER, "vera"))


def artifact(site: Site, filename: str = "shop.zip", hours: int = 0, **metadata: Any) -> str:
    """A row as the API leaves it; its bytes are nowhere."""
    with site.database.get_session() as session:
        row = Artifact(
            filename=filename,
            original_filename=filename,
            file_type=FileType.ZIP,
            storage_path="9f/9f86",
            file_size=1_258_291,
            checksum_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            uploaded_by="anna",
            uploaded_at=MORNING + timedelta(hours=hours),
            artifact_metadata=metadata,
        )
        session.add(row)
        session.flush()
        return str(row.id)


def analysed(site: Site, folder: Path, files: dict[str, str], filename: str = "shop.zip") -> str:
    """An artifact with the verdict and the plan that Jarvis makes of `files`."""
    key = artifact(site, filename)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    verdict, plan = examine(folder, {}, list(files))
    with site.database.get_session() as session:
        write_down(session.get_one(Artifact, UUID(key)), verdict, plan)
    return key


def shown(site: Site, cookie: str, path: str, status: int = 200) -> str:
    """The page, which must have no faults."""
    answer = site.ask(path, cookie=cookie)
    assert answer.status == status, answer.text
    assert Page(answer.text).faults == []
    return answer.text


def send(site: Site, cookie: str, *files: tuple[str, bytes], field: str = "file") -> tuple[int, str, str]:
    """A form with files; status, Location and the page."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="%s"\r\n\r\n'
    body = b"".join((head % name).encode() + content + b"\r\n" for name, content in files)
    body += f"--{BOUNDARY}--\r\n".encode()
    wire = HTTPConnection("127.0.0.1", site.port, timeout=30)
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    headers = {"Accept": "text/html", "Cookie": cookie, "Content-Type": kind, "Origin": site.url}
    try:
        wire.request("POST", "/artifacts", body, headers)
        answer = wire.getresponse()
        return answer.status, answer.getheader("Location", ""), answer.read().decode()
    finally:
        wire.close()


def row(site: Site, key: str) -> Artifact | None:
    with site.database.get_session() as session:
        found = session.get(Artifact, UUID(key))
        if found is not None:
            session.expunge(found)
        return found


def kept(site: Site, key: str) -> bytes:
    """The bytes of an artifact, as the store holds them."""
    found = row(site, key)
    assert found is not None
    (place,) = [
        path for path in (site.home / "artifacts").rglob(f"*{found.checksum_sha256}*") if path.is_file()
    ]
    return place.read_bytes()


def test_it_works(site: Site, cookie: str, tmp_path: Path) -> None:
    key = analysed(site, tmp_path, {"index.html": "<!doctype html><title>x</title><p>hello"}, "first.zip")
    text = shown(site, cookie, "/artifacts")
    line = text.split(f'href="/artifacts/{key}"', 1)[1].split("</tr>", 1)[0]
    assert "first.zip" in line
    assert ">static site<" in line
    assert ">1.2 MiB<" in line
    assert ">anna<" in line
    assert "2 Mar 2026" in line


def test_nothing_handed_in_is_said(database_url: str, tmp_path: Path) -> None:
    with web_lab.serve(database_url, tmp_path) as empty:
        cookie = empty.log_in()
        assert "Nothing was handed in yet." in shown(empty, cookie, "/artifacts")
        assert "Nothing here is called like “x”." in shown(empty, cookie, "/artifacts?q=x")


def test_a_part_of_the_name_finds_it(site: Site, cookie: str) -> None:
    one, other = artifact(site, "Needle_1.zip"), artifact(site, "needleX1.zip")
    text = shown(site, cookie, "/artifacts?q=needle_1")
    assert one in text
    assert other not in text
    assert 'value="needle_1"' in text
    text = shown(site, cookie, "/artifacts?q=%3Cscript%3E%22%3E")
    assert "<script>" not in text
    assert "Nothing here is called like “&lt;script&gt;" in text


def test_older_ones_are_reached_by_a_link(site: Site, cookie: str) -> None:
    made = {artifact(site, f"older {number}.zip", hours=-number) for number in range(55)}
    found: set[str] = set()
    path, pages = "/artifacts?q=older+", 0
    while path:
        page = Page(shown(site, cookie, path))
        links = [str(link["href"]) for link in page.all("a")]
        found |= {link.removeprefix("/artifacts/") for link in links if link.startswith("/artifacts/")}
        path = next((link for link in links if "cursor=" in link), "")
        pages += 1
    assert found == made
    assert pages == 2


def test_a_number_of_rows_that_cannot_be_is_refused(site: Site, cookie: str) -> None:
    for query in ("limit=0", "cursor=nope", "file_type=nope"):
        shown(site, cookie, f"/artifacts?{query}", 422)


def test_an_artifact_shows_what_it_is_and_why(site: Site, cookie: str, tmp_path: Path) -> None:
    files = {
        "app.py": "import os\nfrom flask import Flask\n\napp = Flask(__name__)\nKEY = os.environ['TOKEN']\n",
        "requirements.txt": "flask==3.1.0\ngunicorn==23.0\npsycopg==3.2\n",
    }
    text = shown(site, cookie, f"/artifacts/{analysed(site, tmp_path, files)}")
    for said in (
        "A flask web app",
        "% sure",
        "<dt>Language</dt><dd>python",
        "<dt>Framework</dt><dd>flask",
        "<code>app.py:4</code> app is an application of flask",
        "<code>requirements.txt:3</code>",
        "<dt>Needs</dt>",
        "<code>TOKEN</code>",
        "2 files",
        "How it would be made",
        "<dt>SHA-256</dt>",
    ):
        assert said in text, said
    assert "has not looked at it yet" not in text


def test_what_was_found_in_it_is_shown_before_it_goes_public(site: Site, cookie: str, tmp_path: Path) -> None:
    files = {"index.html": "<p>x", ".env": "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzzzzzzzzz\n"}
    text = shown(site, cookie, f"/artifacts/{analysed(site, tmp_path, files)}")
    assert "Before it goes public" in text
    assert "<code>.env" in text
    assert "wJalrXUtn" not in text


def test_a_refused_artifact_shows_why_and_offers_no_deploy(site: Site, cookie: str) -> None:
    error = {"detail": "The archive was refused.", "hint": "Pack it again.", "entry": "../a", "rule": "out"}
    text = shown(site, cookie, f"/artifacts/{artifact(site, error=error)}")
    assert "<strong>The archive was refused.</strong>" in text
    assert "<p>Pack it again.</p>" in text
    assert "Entry: <code>../a</code>" in text
    assert "/deploy" not in text
    assert "Deploy it" not in text


def test_what_was_not_looked_at_can_be_looked_at(site: Site, cookie: str) -> None:
    key = artifact(site)
    assert "has not looked at it yet" in shown(site, cookie, f"/artifacts/{key}")
    answer = site.ask(f"/artifacts/{key}/analysis", cookie=cookie, form={})
    assert (answer.status, answer.headers["location"]) == (303, f"/artifacts/{key}")
    text = shown(site, cookie, f"/artifacts/{key}")
    assert "Jarvis is looking at it." in text
    assert "/api/v1/workflows/" in text
    assert "has not looked at it yet" not in text


def test_an_artifact_names_its_deployments_and_its_repository(site: Site, cookie: str) -> None:
    git = {"url": "https://git.example.org/me/site.git", "ref": "main", "commit": "c0ffee" * 6 + "abcd"}
    key = artifact(site, git=git, service="shop")
    made = site.ask(f"/artifacts/{key}/deploy", cookie=cookie, form={"name": "names-its-own"})
    text = shown(site, cookie, f"/artifacts/{key}")
    assert made.headers["location"] in text
    assert "https://git.example.org/me/site.git <code>main</code>" in text
    assert "commit <code>c0ffee" in text
    assert 'name="name" type="text" maxlength="63" value="shop"' in text


@pytest.mark.parametrize("path", [f"/artifacts/{NOBODY}", "/artifacts/nope", f"/artifacts/git/{NOBODY}"])
def test_what_is_not_there_is_said_on_a_page(site: Site, cookie: str, path: str) -> None:
    assert "Not found" in shown(site, cookie, path, 404)


def hostile(site: Site) -> str:
    """An artifact where everything that people hand in is hostile, and the verdict repeats it."""
    reason = {"fact": "language", "file": BAD, "line": 1, "why": BAD}
    other = {"kind": BAD, "language": BAD, "framework": BAD, "confidence": 0.5, "why": BAD}
    verdict = {
        **dict.fromkeys(("kind", "language", "framework", "root", "start_command", "build_command"), BAD),
        "confidence": 0.5,
        "port": 80,
        "evidence": [reason],
        "needs": [{"engine": BAD, "level": BAD, "file": BAD, "line": 1, "why": BAD}],
        "environment": [{"name": BAD, "secret": True, "required": False}],
        "parts": [{**other, "name": BAD, "root": BAD, "start_command": BAD}],
        "size": {"files": 1, "bytes": 1},
        "alternatives": [other],
        "findings": [{"severity": "danger", "why": BAD, "file": BAD, "line": 1}],
    }
    plan = {"why": BAD, "warnings": [BAD], "questions": [{"text": BAD}], "dockerfile": {"text": BAD}}
    git = {"url": BAD, "ref": BAD, "commit": BAD}
    error = {"detail": BAD, "hint": BAD, "entry": BAD, "rule": BAD}
    return artifact(site, BAD, verdict=verdict, plan=plan, git=git, error=error, service=BAD)


def test_whatever_people_hand_in_is_inert(site: Site, cookie: str) -> None:
    refused = hostile(site)
    fine = artifact(site, BAD, service=BAD)
    for path in ("/artifacts", f"/artifacts/{refused}", f"/artifacts/{fine}"):
        text = shown(site, cookie, path)
        assert "&lt;script&gt;alert(1)" in text, path
        assert "<script>alert" not in text, path
        assert "<img" not in text, path


def test_a_file_is_handed_in_without_a_script(site: Site, cookie: str) -> None:
    status, location, text = send(site, cookie, ("index.html", b"<p>hello"))
    assert status == 303, text
    assert "index.html" in shown(site, cookie, location)
    key = location.removeprefix("/artifacts/")
    assert kept(site, key) == b"<p>hello"
    found = row(site, key)
    assert found is not None
    assert (found.file_type, found.uploaded_by) == (FileType.SINGLE_FILE, "anna")


def test_several_files_are_handed_in_as_a_folder(site: Site, cookie: str) -> None:
    files = {"site/index.html": b"<p>1", "site/a/b.css": b"x", "site/\xe4 long name.txt": b"y"}
    status, location, text = send(site, cookie, *files.items())
    assert status == 303, text
    key = location.removeprefix("/artifacts/")
    found = row(site, key)
    assert found is not None
    assert (found.file_type, found.original_filename) == (FileType.DIRECTORY, "site")
    with tarfile.open(fileobj=io.BytesIO(kept(site, key))) as archive:
        content = {item.name: file.read() for item in archive if (file := archive.extractfile(item))}
    assert content == files


def test_an_upload_that_cannot_be_taken_is_a_page_with_a_sentence(site: Site, cookie: str) -> None:
    before = shown(site, cookie, "/artifacts?q=never-kept")
    for files in (
        [],
        [("", b"")],
        [("../never-kept", b"x"), ("b", b"y")],
        [("never-kept.zip", b"no archive")],
    ):
        status, _, text = send(site, cookie, *files)
        assert status in {400, 422}, text
        assert Page(text).faults == []
        assert "<h1>" in text
    assert shown(site, cookie, "/artifacts?q=never-kept") == before


def test_a_repository_is_asked_for_and_its_page_leads_on(site: Site, cookie: str) -> None:
    form = {"url": " https://git.example.org/me/site.git ", "ref": " main "}
    answer = site.ask("/artifacts/git", cookie=cookie, form=form)
    assert answer.status == 303, answer.text
    path = answer.headers["location"]
    key = UUID(path.removeprefix("/artifacts/git/"))
    text = shown(site, cookie, path)
    assert "Fetch https://git.example.org/me/site.git" in text
    assert "Jarvis fetches it." in text
    with site.database.get_session() as session:
        asked = session.get_one(Workflow, key)
        assert asked.workflow_metadata["ref"] == "main"
        asked.status, asked.error_message = WorkflowStatus.FAILED, "There is no repository."
    assert "<strong>There is no repository.</strong>" in shown(site, cookie, path)
    with site.database.get_session() as session:
        session.get_one(Workflow, key).status = WorkflowStatus.COMPLETED
    assert "the artifact is gone" in shown(site, cookie, path)
    made = artifact(site)
    with site.database.get_session() as session:
        session.get_one(Artifact, UUID(made)).id = key
    answer = site.ask(path, cookie=cookie)
    assert (answer.status, answer.headers["location"]) == (303, f"/artifacts/{key}")


@pytest.mark.parametrize(
    "form",
    [{}, {"url": ""}, {"url": "/etc"}, {"url": "file:///etc"}, {"url": "https://a/b", "ref": "--all"}],
)
def test_a_bad_address_is_a_page_with_a_sentence(site: Site, cookie: str, form: dict[str, str]) -> None:
    answer = site.ask("/artifacts/git", cookie=cookie, form=form)
    assert answer.status == 422
    assert Page(answer.text).faults == []
    assert "is not the" in answer.text


def test_a_deploy_leads_to_the_deployment_and_keeps_what_was_said(site: Site, cookie: str) -> None:
    form = {
        "name": "said-better", "domain": "better.localhost", "kind": "web", "port": "8000",
        "start_command": " run it ", "root": "", "build_command": " ",
    }  # fmt: skip
    key = artifact(site)
    answer = site.ask(f"/artifacts/{key}/deploy", cookie=cookie, form=form)
    assert answer.status == 303, answer.text
    path = answer.headers["location"]
    assert "said-better" in shown(site, cookie, path)
    with site.database.get_session() as session:
        made = session.get_one(Deployment, UUID(path.removeprefix("/deployments/")))
        assert (str(made.artifact_id), made.domain) == (key, "better.localhost")
        service = session.query(Service).filter_by(name="said-better").one()
        said = service.settings["correction"]
        assert said["members"] == {"kind": "web", "port": 8000, "start_command": "run it"}
        assert said["by"] == "anna"


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": "0"}, {"port": "65536"}, {"port": "-1"}, {"port": "http"}, {"port": "8" * 40}, {"port": "²"},
        {"kind": "website"}, {"name": "Not A Name!"}, {"domain": "a b"}, {"root": "a\0b"}, {"name": "a\0"},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_a_page_with_a_sentence(site: Site, cookie: str, wrong: dict[str, str]) -> None:
    form = {"name": "never-made", **wrong}
    answer = site.ask(f"/artifacts/{artifact(site)}/deploy", cookie=cookie, form=form)
    assert answer.status == 422, answer.text
    assert Page(answer.text).faults == []
    with site.database.get_session() as session:
        assert session.query(Service).filter_by(name="never-made").all() == []


@pytest.mark.parametrize("path", [path for path in FORMS if NOBODY in path])
def test_a_form_about_nothing_is_answered_with_a_page(site: Site, cookie: str, path: str) -> None:
    answer = site.ask(path, cookie=cookie, form={"name": "nothing"})
    assert answer.status == 404
    assert Page(answer.text).faults == []


def test_what_is_deleted_is_gone(site: Site, cookie: str) -> None:
    _, location, _ = send(site, cookie, ("gone.html", b"<p>gone soon"))
    answer = site.ask(f"{location}/delete", cookie=cookie, form={})
    assert (answer.status, answer.headers["location"]) == (303, "/artifacts")
    shown(site, cookie, location, 404)


def test_what_is_in_use_is_not_deleted(site: Site, cookie: str) -> None:
    deployment = site.seed.live("uses-it")
    with site.database.get_session() as session:
        key = str(session.get_one(Deployment, UUID(deployment)).artifact_id)
    answer = site.ask(f"/artifacts/{key}/delete", cookie=cookie, form={})
    assert answer.status == 409
    assert Page(answer.text).faults == []
    assert "is needed by" in answer.text
    shown(site, cookie, f"/artifacts/{key}")


@pytest.mark.parametrize("path", FORMS)
def test_a_form_from_another_site_is_refused(site: Site, cookie: str, path: str) -> None:
    for headers in ({"Sec_Fetch_Site": "cross-site"}, {"Origin": "http://evil.example"}):
        answer = site.ask(path, cookie=cookie, form={"url": "https://a.example/b"}, **headers)
        assert answer.status == 403
        assert "came from another site" in answer.text


def test_a_viewer_may_look_but_not_touch(site: Site, viewer: str) -> None:
    key = artifact(site)
    shown(site, viewer, "/artifacts")
    shown(site, viewer, f"/artifacts/{key}")
    for path in FORMS:
        answer = site.ask(path.replace(NOBODY, key), cookie=viewer, form={"url": "https://a.example/b"})
        assert answer.status == 403, path
        assert Page(answer.text).faults == []
    assert row(site, key) is not None
    status, _, _ = send(site, viewer, ("index.html", b"x"))
    assert status == 403


def test_a_stranger_is_sent_to_the_login(site: Site) -> None:
    for path in ("/artifacts", f"/artifacts/{artifact(site)}"):
        answer = site.ask(path)
        assert answer.status == 302
        assert answer.headers["location"].startswith("/login?next=")
    for path in FORMS:
        assert site.ask(path, form={}).status == 401
