"""The few pages the proxy shows by itself: one file each, nothing from elsewhere or from the visitor."""

from html import escape
from string import Template

_PAGE = Template(
    """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>$title</title>
<style>
:root { --paper: #fbfaf8; --ink: #1f2328; --soft: #59636e }
@media (prefers-color-scheme: dark) { :root { --paper: #15181c; --ink: #e8eaed; --soft: #9aa4af } }
html { height: 100% }
body { min-height: 100%; margin: 0; display: grid; place-content: center; justify-items: center;
  padding: 2rem; box-sizing: border-box; background: var(--paper); color: var(--ink); text-align: center;
  font: 1.05rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
h1 { margin: 0; font-size: 1.6rem; font-weight: 600 }
p { margin: .5rem 0 0; max-width: 32rem; color: var(--soft) }
</style>
<main>
<h1>$title</h1>
<p>$sentence</p>
</main>
</html>
"""
)


def page(title: str, sentence: str) -> str:
    """Return a whole HTML page with one heading and one sentence."""
    return _PAGE.substitute(title=escape(title), sentence=escape(sentence))


NO_SITE = page("No site here", "Nothing is published under this address. Check the spelling of its name.")
NO_PAGE = page("Page not found", "This site has no page at this address.")
NOT_ALLOWED = page("Not possible here", "This site only hands out pages; it does not take anything in.")
FORBIDDEN = page("Not readable", "The server may not read this file.")
TROUBLE = page("Something went wrong", "The server could not answer this time. Please try again in a moment.")
