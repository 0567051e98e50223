"""A real Chromium without a window, for the tests of the pages and their pictures."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect, sync_playwright

from web_lab import Site

expect.set_options(timeout=30_000)  # of milliseconds: a busy machine is slow, and not wrong

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HINTS = ("Password forms should have",)
"""What Chromium suggests about forms; not a fault."""

CONTRAST = """() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const channels = (color) => {
    if (!known.has(color)) {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = "black";
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
      known.set(color, context.getImageData(0, 0, 1, 1).data);
    }
    return known.get(color);
  };
  const light = (color) => {
    const [r, g, b] = [...channels(color)].map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (channels(color)[3] === 255) return color;
    }
    return "white";
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let read = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.getClientRects().length) continue;
    if (element.closest("noscript, template")) continue;
    read += 1;
    const [one, two] = [light(getComputedStyle(element).color), light(ground(element))];
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (ratio < 4.5) poor.push([element.tagName, element.textContent.trim().slice(0, 30), ratio.toFixed(2)]);
  }
  return { read, poor };
}"""
"""How many texts a page has, and those that do not stand out from their ground."""


@contextmanager
def chromium() -> Generator[Browser]:
    """A browser, closed afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """One person's browser window at a Jarvis; notes what a page must not do.

    Attributes:
        faults: Script errors, refused parts (CSP), and requests to other hosts.
    """

    def __init__(self, browser: Browser, site: Site, **options: Any) -> None:
        wanted: dict[str, Any] = {"timezone_id": "Europe/Berlin", "locale": "en-GB"}
        self.context = browser.new_context(**{**wanted, **options})
        self.site = site
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("dialog", lambda dialog: self.faults.append(f"dialog {dialog.message}"))

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not text.startswith(HINTS) and "ERR_CONNECTION" not in text:
            self.faults.append(text)

    def _asked(self, url: str) -> None:
        if urlsplit(url).netloc != urlsplit(self.site.url).netloc:
            self.faults.append(f"asked {url}")

    def log_in(self) -> None:
        """Log in as a person does."""
        self.open("/login")
        self.page.fill("#token", self.site.seed.token())
        self.page.click("main button")
        self.page.wait_for_url(f"{self.site.url}/")

    def enter(self) -> None:
        """Be logged in, without having looked at a page."""
        name, _, value = self.site.log_in().partition("=")
        self.context.add_cookies([{"name": name, "value": value, "url": self.site.url}])

    def open(self, path: str) -> Page:
        """Open a page of this Jarvis."""
        self.page.goto(self.site.url + path)
        return self.page
