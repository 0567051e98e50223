import pytest
from sqlalchemy import update

from jarvis.accounts.roles import Role
from jarvis.accounts.tokens import checksum
from models import AccessToken
from web_lab import Site


def test_it_works(site: Site) -> None:
    answer = site.ask("/login", form={"token": f" {site.seed.token()}\n", "next": "/services/x"})
    assert (answer.status, answer.headers["location"]) == (303, "/services/x")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert site.ask("/", cookie=cookie.partition(";")[0]).status == 200


@pytest.mark.parametrize("path", ["/", "/services/shop", "/deployments/0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11"])
def test_a_page_without_a_session_leads_to_the_login_and_back(site: Site, path: str) -> None:
    answer = site.ask(path)
    assert answer.status == 302
    assert answer.headers["location"] == f"/login?next={path}"
    assert f'name="next" value="{path}"' in site.ask(answer.headers["location"]).text


@pytest.mark.parametrize(
    "token", ["", "jarvis_", "jarvis_wrong", "no token at all", "jarvis_" + "x" * 500, "\x00"]
)
def test_a_wrong_token_is_refused_in_one_sentence(site: Site, token: str) -> None:
    answer = site.ask("/login", form={"token": token, "next": "/"})
    assert answer.status == 401
    assert "Jarvis does not know this access token" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_wrong_token_is_not_repeated_on_the_page(site: Site) -> None:
    assert "jarvis_almost" not in site.ask("/login", form={"token": "jarvis_almost", "next": "/"}).text


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example"]
)
def test_the_login_sends_nobody_elsewhere(site: Site, target: str) -> None:
    answer = site.ask("/login", form={"token": site.seed.token(), "next": target})
    assert (answer.status, answer.headers["location"]) == (303, "/")


def test_who_is_logged_in_does_not_log_in_again(site: Site, cookie: str) -> None:
    answer = site.ask("/login?next=/services/x", cookie=cookie)
    assert (answer.status, answer.headers["location"]) == (303, "/services/x")


def test_a_revoked_token_ends_its_sessions(site: Site) -> None:
    token = site.seed.token(name="leaves soon")
    cookie = site.log_in(token)
    with site.database.get_session() as session:
        row = AccessToken.token_sha256 == checksum(token)
        session.execute(update(AccessToken).where(row).values(revoked_at=AccessToken.created_at))
    assert site.ask("/", cookie=cookie).headers["location"].startswith("/login")
    assert site.ask("/login", cookie=cookie).status == 200
    assert site.ask("/login", form={"token": token, "next": "/"}).status == 401


def test_a_viewer_may_read_the_pages(site: Site) -> None:
    cookie = site.log_in(site.seed.token(Role.VIEWER, "a guest"))
    assert "a guest" in site.ask("/", cookie=cookie).text


def test_the_log_out_button_ends_the_session(site: Site) -> None:
    cookie = site.log_in()
    answer = site.ask("/logout", cookie=cookie, form={}, Origin=site.url)
    assert (answer.status, answer.headers["location"]) == (303, "/login")
    assert "jarvis_session=;" in answer.headers["set-cookie"]


def test_another_site_cannot_log_anybody_out(site: Site) -> None:
    answer = site.ask("/logout", cookie=site.log_in(), form={}, Sec_Fetch_Site="cross-site")
    assert answer.status == 403
    assert "jarvis_session=;" not in answer.headers.get("set-cookie", "")
