"""The environment on the page of a service."""

import web_lab
from jarvis.accounts.roles import Role
from jarvis.settings import variables
from page_check import Page

SECRET = "s3cret-of-the-shop"


def section(site: web_lab.Site, cookie: str, name: str) -> str:
    answer = site.ask(f"/services/{name}", cookie=cookie)
    assert answer.status == 200
    assert Page(answer.text).faults == []
    return answer.text.partition('aria-labelledby="environment"')[2]


def press(site: web_lab.Site, cookie: str, name: str, **form: str) -> web_lab.Reply:
    return site.ask(f"/services/{name}/environment", cookie=cookie, form=form)


def test_it_works(site: web_lab.Site, cookie: str) -> None:
    site.seed.live("varied")
    assert "Nothing is set." in section(site, cookie, "varied")
    answer = press(site, cookie, "varied", key="LEVEL", value="<b>info</b>", phase="run")
    assert (answer.status, answer.headers["location"]) == (303, "/services/varied#environment")
    text = section(site, cookie, "varied")
    assert "<code>LEVEL</code>" in text
    assert "<code>&lt;b&gt;info&lt;/b&gt;</code>" in text
    assert press(site, cookie, "varied", key="LEVEL", do="unset").status == 303
    assert "LEVEL</code>" not in section(site, cookie, "varied")


def test_a_secret_is_not_on_the_page(site: web_lab.Site, cookie: str) -> None:
    site.seed.live("covered")
    assert press(site, cookie, "covered", key="KEY", value=SECRET, secret="secret").status == 303
    text = section(site, cookie, "covered")
    assert "<code>KEY</code>" in text
    assert "secret</span>" in text
    assert SECRET not in text
    assert press(site, cookie, "covered", key="KEY", value=SECRET + "2").status == 303
    assert SECRET not in section(site, cookie, "covered"), "it stays one"


def test_lines_end_as_they_were_typed(site: web_lab.Site, cookie: str) -> None:
    site.seed.live("lined")
    press(site, cookie, "lined", key="A", value="one\r\ntwo")
    with site.database.get_session() as session:
        assert variables.shown(session, "lined")["items"][0]["value"] == "one\ntwo"


def test_a_viewer_neither_sees_nor_changes_it(site: web_lab.Site) -> None:
    site.seed.live("hidden")
    viewer = site.log_in(site.seed.token(Role.VIEWER, "vic"))
    assert section(site, viewer, "hidden") == ""
    assert press(site, viewer, "hidden", key="A", value="1").status == 403


def test_what_cannot_be_set_is_refused_in_words(site: web_lab.Site, cookie: str) -> None:
    site.seed.live("strict")
    answer = press(site, cookie, "strict", key="PORT", value="1")
    assert answer.status == 422
    assert "PORT is set by Jarvis" in answer.text
    assert press(site, cookie, "strict", key="A", value="1", phase="night").status == 422
    assert press(site, cookie, "strict", key="A", value="1", secret="perhaps").status == 422
    assert press(site, cookie, "strict", key="A", do="unset").status == 404
    assert (
        site.ask("/services/strict/environment", cookie=cookie, form={}, Origin="https://evil.example").status
        == 403
    )
    assert "Nothing is set." in section(site, cookie, "strict")
