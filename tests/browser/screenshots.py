"""Takes the pictures of the README anew: `script/screenshots`. They are written to docs/images."""

import tempfile
from pathlib import Path

import browser_lab
import postgres_lab
import scene
import web_lab
from config import Settings
from seed import MORNING
from services.db_service import DatabaseService

IMAGES = Path(__file__).parent.parent.parent / "docs" / "images"
LARGEST = 150_000


def take(visit: browser_lab.Visit, path: str, name: str) -> None:
    """One picture of one page."""
    visit.open(path)
    visit.page.wait_for_load_state("load")
    file = IMAGES / name
    visit.page.screenshot(path=file, animations="disabled")
    if file.stat().st_size > LARGEST:
        raise SystemExit(f"{file} has {file.stat().st_size} bytes; {LARGEST} are allowed.")


def main() -> None:
    """Both pictures, on rows of a made-up morning."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with postgres_lab.serve() as server, tempfile.TemporaryDirectory() as home:
        name = server.create()
        database = DatabaseService(Settings(database_url=server.url(name)))
        database.migrate()
        database.close()
        with web_lab.serve(server.url(name), Path(home)) as site, browser_lab.chromium() as browser:
            scene.day(site.seed)
            scene.busy(site.seed)
            visit = browser_lab.Visit(browser, site, viewport={"width": 1200, "height": 780})
            visit.log_in()
            take(visit, "/", "overview.png")
            done = site.seed.live("shop", at=MORNING, by="ci", filename="shop-spring.zip")
            take(visit, f"/deployments/{done}", "deployment.png")
        server.drop(name)


if __name__ == "__main__":
    main()
