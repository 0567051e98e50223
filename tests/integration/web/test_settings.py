"""The page of a service's settings."""

import re
from typing import Any

import pytest

import web_lab
from jarvis.accounts.roles import Role
from jarvis.settings import keys, stored
from jarvis.web.settings import GROUPS
from page_check import Page


def page(site: web_lab.Site, cookie: str, name: str) -> str:
    answer = site.ask(f"/services/{name}/settings", cookie=cookie)
    assert answer.status == 200
    assert Page(answer.text).faults == []
    return answer.text


def save(site: web_lab.Site, cookie: str, name: str, **form: str) -> web_lab.Reply:
    fields = {key.replace("__", "."): text for key, text in form.items()}
    return site.ask(f"/services/{name}/settings", cookie=cookie, form=fields)


def members(site: web_lab.Site, name: str) -> dict[str, Any]:
    with site.database.get_session() as session:
        return stored.members(stored.row(session, name))


def test_it_works(site: web_lab.Site, cookie: str) -> None:
    site.seed.live("tuned")
    assert 'value=""' in page(site, cookie, "tuned")
    answer = save(
        site,
        cookie,
        "tuned",
        version="0",
        limits__memory="512MB",
        clean="false",
        cron="tidy=30 3 * * * python3 tidy.py\r\nping=@hourly ping",
        volumes="data=data",
        drain="",
    )
    assert (answer.status, answer.headers["location"]) == (303, "/services/tuned/settings")
    text = page(site, cookie, "tuned")
    assert 'value="512MB"' in text
    assert "tidy=30 3 * * * python3 tidy.py\nping=@hourly ping</textarea>" in text
    assert "<option selected>false</option>" in text
    assert "set by " in text
    kept = members(site, "tuned")
    assert kept["cron"][1] == {"name": "ping", "schedule": "@hourly", "command": "ping"}
    assert "drain" not in kept


def test_an_emptied_field_takes_it_back_and_others_stay(site: web_lab.Site, cookie: str) -> None:
    site.seed.live("emptied")
    save(site, cookie, "emptied", version="0", health__path="/up", drain="5s")
    answer = save(site, cookie, "emptied", version="1", health__path="", drain="5s")
    assert answer.status == 303
    assert members(site, "emptied") == {"drain": 5}


def test_what_is_wrong_stands_at_its_field_and_nothing_is_changed(site: web_lab.Site, cookie: str) -> None:
    site.seed.live("wrong")
    answer = save(site, cookie, "wrong", version="0", limits__memory="<5> bananas", drain="5s", port="99999")
    assert answer.status == 422
    assert Page(answer.text).faults == []
    for field, said in (("limits-memory", "must be a size"), ("port", "must be from 1 to 65535")):
        (told,) = re.findall(rf'id="s-{field}-wrong">(.*?)</p>', answer.text)
        assert said in told
    assert 'value="&lt;5&gt; bananas"' in answer.text, "what was typed is not lost"
    assert 'id="s-drain-wrong"' not in answer.text
    assert members(site, "wrong") == {}


def test_what_somebody_else_set_meanwhile_is_not_overwritten(site: web_lab.Site, cookie: str) -> None:
    site.seed.live("shared")
    assert save(site, cookie, "shared", version="0", drain="5s").status == 303
    answer = save(site, cookie, "shared", version="0", drain="9s")
    assert answer.status == 409
    assert "Somebody else changed the settings" in answer.text
    assert members(site, "shared") == {"drain": 5}


def test_a_password_is_not_on_the_page_and_stays(site: web_lab.Site, cookie: str) -> None:
    site.seed.live("guarded")
    assert save(site, cookie, "guarded", version="0", logins="anna=s3cret=word").status == 303
    before = members(site, "guarded")["logins"]
    assert before[0]["password"].startswith("scrypt$")
    text = page(site, cookie, "guarded")
    assert ">\nanna</textarea>" in text
    assert "s3cret" not in text
    assert "scrypt$" not in text
    assert save(site, cookie, "guarded", version="1", logins="anna\r\nben=other").status == 303
    after = members(site, "guarded")["logins"]
    assert after[0] == before[0]
    assert [one["user"] for one in after] == ["anna", "ben"]
    refused = save(site, cookie, "guarded", version="2", logins="anna\r\ncarl")
    assert "logins “carl” has no password." in refused.text


def test_a_viewer_looks_and_changes_nothing(site: web_lab.Site) -> None:
    site.seed.live("looked")
    viewer = site.log_in(site.seed.token(Role.VIEWER, "vera"))
    text = page(site, viewer, "looked")
    assert "<button" not in text.partition('class="panel settings"')[2]
    assert save(site, viewer, "looked", version="0", drain="5s").status == 403


@pytest.mark.parametrize(
    "path", ["/services/nowhere/settings", "/services/%00/settings", "/services/%ED%A0%80/settings"]
)
def test_what_is_not_there_is_said_so(site: web_lab.Site, cookie: str, path: str) -> None:
    assert site.ask(path, cookie=cookie).status == 404


def test_every_setting_stands_there_once() -> None:
    shown = [name for _, names in GROUPS for name in names]
    assert sorted(shown) == sorted(keys.NAMES)


def test_a_service_is_set_up_before_its_first_deploy(site: web_lab.Site, cookie: str) -> None:
    assert 'action="/services"' in site.ask("/", cookie=cookie).text
    answer = site.ask("/services", cookie=cookie, form={"name": "later"})
    assert (answer.status, answer.headers["location"]) == (303, "/services/later")
    text = site.ask("/services/later", cookie=cookie).text
    assert "not deployed yet" in text
    assert "jarvis deploy PATH --name later" in text
    assert "kept for its first deploy" in page(site, cookie, "later")
    save(site, cookie, "later", version="0", drain="5s")
    assert members(site, "later") == {"drain": 5}
    assert ">not deployed yet<" in site.ask("/", cookie=cookie).text
    assert site.ask("/services", cookie=cookie, form={"name": "No Name"}).status == 422
