"""Pages made once, or a server that makes them: what the settings of a framework say."""

from collections.abc import Callable

from jarvis.analysis.node import angular, config
from jarvis.analysis.node.config import Fact
from jarvis.analysis.node.manifest import Manifest
from jarvis.analysis.node.recognise import BUILDS, Choice, called
from jarvis.analysis.node.values import dig

ELSEWHERE = {
    "vercel": "Vercel", "netlify": "Netlify", "cloudflare": "Cloudflare", "cloudflare-workers": "Cloudflare",
    "deno": "Deno Deploy", "begin": "Begin", "firebase": "Firebase", "azure": "Azure", "aws": "AWS",
}  # fmt: skip
"""Adapters for one provider's machines: their output does not run here."""
ROUTERS = (
    "react-router-dom", "react-router", "vue-router", "@tanstack/react-router", "@tanstack/solid-router",
    "wouter", "@angular/router", "svelte-routing", "svelte-spa-router", "@solidjs/router", "solid-app-router",
    "preact-router", "preact-iso", "@reach/router", "@ionic/react-router", "@ionic/vue-router",
    "@roxi/routify", "@lit-labs/router", "@vaadin/router", "page", "navigo", "ember-source",
    "@stencil/router", "@stencil-community/router", "wouter-preact", "connected-react-router",
    "@generouted/react-router", "vue-router-next", "tinro", "svelte-navigator",
)  # fmt: skip
"""Packages that read the address in the browser."""


def plain_pages(manifest: Manifest, choice: Choice) -> Fact | None:
    """Why a framework makes plain pages here; None when a server makes them."""
    row = choice.framework
    if choice.sort == "server":
        return None
    look = _STATIC.get(row.name)
    if look is not None:
        return look(manifest)
    if choice.sort == "served":
        return None
    return Fact("static", choice.fact.file, f"{row.name} makes plain pages.", choice.fact.line)


def foreign(manifest: Manifest, choice: Choice) -> Fact | None:
    """An adapter that builds for one provider's machines; None for none."""
    if choice.framework.name not in (
        "sveltekit",
        "astro",
        "qwik",
        "remix",
        "react-router",
        "solidstart",
        "nitro",
        "nuxt",
    ):
        return None
    for name in (*manifest.runtime, *manifest.development):
        scope, _, last = name.partition("/")
        provider = ELSEWHERE.get(last.removeprefix("adapter-"))
        if provider and scope in ("@sveltejs", "@astrojs", "@remix-run", "@react-router"):
            why = f"It is built for {provider}; the adapter for Node makes a program that runs here."
            return Fact(provider, manifest.file, why, manifest.line_of(name))
    return None


def browser_router(manifest: Manifest, choice: Choice) -> Fact | None:
    """The package that routes in the browser, so that every path must be answered with the first page."""
    name = choice.framework.name
    if name in ("react-router", "remix", "sveltekit", "tanstack-start", "analog", "quasar", "expo"):
        return Fact(
            "True", choice.fact.file, "Its pages choose by the address in the browser.", choice.fact.line
        )
    if choice.sort == "served" or name in _PAGES:
        return None
    router = manifest.has(*ROUTERS)
    if not router:
        return None
    return Fact(
        "True", manifest.file, f"{router} chooses by the address in the browser.", manifest.line_of(router)
    )


_PAGES = frozenset({
    "gatsby", "docusaurus", "vitepress", "vuepress", "eleventy", "hexo", "gridsome", "scully", "storybook",
    "observable", "rspress", "honkit", "metalsmith", "react-static", "saber",
})  # fmt: skip
"""Each address is a page of its own."""


def _next(manifest: Manifest) -> Fact | None:
    places = config.files(manifest.tree, "next.config")
    if found := config.look(
        manifest.tree, places, r"\boutput[\"']?\s*:\s*[\"'`]export", "Next exports plain pages.", "out"
    ):
        return found
    return _runs(manifest, "next", "export")


def _nuxt(manifest: Manifest) -> Fact | None:
    places = config.files(manifest.tree, "nuxt.config")
    for pattern in (
        r"\btarget[\"']?\s*:\s*[\"'`]static",
        r"\bpreset[\"']?\s*:\s*[\"'`](?:static|github[-_]pages)",
    ):
        if found := config.look(manifest.tree, places, pattern, "Nuxt generates plain pages.", ""):
            return found
    return _runs(manifest, "nuxt", "generate") or _runs(manifest, "nuxi", "generate")


def _no_server(stems: tuple[str, ...]) -> Callable[[Manifest], Fact | None]:
    def look(manifest: Manifest) -> Fact | None:
        places = config.files(manifest.tree, *stems)
        return config.look(
            manifest.tree, places, r"\bssr[\"']?\s*:\s*false", "Nothing is made on a server.", ""
        )

    return look


def _tanstack(manifest: Manifest) -> Fact | None:
    places = config.files(manifest.tree, "vite.config", "app.config")
    return config.look(
        manifest.tree, places, r"\bspa\s*:\s*\{[^}]*enabled\s*:\s*true", "Nothing is made on a server.", ""
    )


def _sveltekit(manifest: Manifest) -> Fact | None:
    places = config.files(manifest.tree, "svelte.config", "vite.config")
    why = "The adapter makes plain pages."
    if found := config.look(manifest.tree, places, r"[\"'`]@sveltejs/adapter-static[\"'`]", why, ""):
        return found
    other = config.look(manifest.tree, places, r"[\"'`][^\"'`\n]*adapter-[\w-]+[\"'`]", "", "")
    if other is None and manifest.has("@sveltejs/adapter-static"):
        line = manifest.line_of("@sveltejs/adapter-static")
        return Fact("", manifest.file, why, line)
    return None


def _astro(manifest: Manifest) -> Fact | None:
    places = config.files(manifest.tree, "astro.config")
    served = r"\boutput[\"']?\s*:\s*[\"'`](?:server|hybrid)|\badapter[\"']?\s*[:,]"
    if config.look(manifest.tree, places, served, "", ""):
        return None
    file = places[0] if places else manifest.file
    return Fact(
        "",
        file,
        "Astro makes plain pages unless it is given an adapter.",
        manifest.line_of("astro") if file == manifest.file else None,
    )


def _nitro_static(*stems: str) -> Callable[[Manifest], Fact | None]:
    def look(manifest: Manifest) -> Fact | None:
        places = config.files(manifest.tree, *stems)
        pattern = r"\bpreset[\"']?\s*:\s*[\"'`](?:static|github[-_]pages)|\bstatic\s*:\s*true"
        return config.look(manifest.tree, places, pattern, "The preset makes plain pages.", "")

    return look


def _qwik(manifest: Manifest) -> Fact | None:
    file = manifest.tree.first("adapters/static/vite.config.ts", "adapters/static/vite.config.mts")
    return Fact("", file, "The adapter makes plain pages.") if file else None


def _vike(manifest: Manifest) -> Fact | None:
    places = config.files(manifest.tree, "vite.config", "+config", "pages/+config", "renderer/+config")
    return config.look(
        manifest.tree, places, r"\bprerender\s*:\s*true", "Its pages are made by the build.", ""
    )


def _expo(manifest: Manifest) -> Fact | None:
    if dig(manifest.tree.json("app.json"), "expo", "web", "output") == "server":
        return None
    return Fact("", manifest.file, "Expo exports plain pages.", manifest.line_of("expo"))


def _angular(manifest: Manifest) -> Fact | None:
    found = angular.build(manifest.tree)
    if (found and found.server) or manifest.has("@nguniversal/express-engine"):
        return None
    if found:
        return Fact("", found.pages.file, "Angular builds plain pages.", found.pages.line)
    return Fact("", manifest.file, "Angular builds plain pages.", manifest.line_of("@angular/core"))


def _quasar(manifest: Manifest) -> Fact | None:
    if any(
        command.tool == "quasar" and command.option("-m", "--mode") == "ssr"
        for command in called(manifest, *BUILDS)
    ):
        return None
    return Fact("", manifest.file, "Quasar builds plain pages.")


def _runs(manifest: Manifest, tool: str, word: str) -> Fact | None:
    """Does a script that builds call the tool with this word?"""
    for name in BUILDS:
        if name == word and "build" in manifest.scripts:
            continue  # it is offered beside the usual build
        for command in called(manifest, name):
            if command.tool == tool and command.arguments[:1] == (word,):
                return Fact(
                    "", manifest.file, f"The script {name} makes plain pages.", manifest.line("scripts", name)
                )
    return None


_STATIC: dict[str, Callable[[Manifest], Fact | None]] = {
    "nextjs": _next,
    "nuxt": _nuxt,
    "react-router": _no_server(("react-router.config", "vite.config")),
    "remix": _no_server(("vite.config", "remix.config")),
    "analog": _no_server(("vite.config",)),
    "tanstack-start": _tanstack,
    "sveltekit": _sveltekit,
    "astro": _astro,
    "solidstart": _nitro_static("app.config"),
    "nitro": _nitro_static("nitro.config"),
    "vike": _vike,
    "qwik": _qwik,
    "sapper": lambda manifest: _runs(manifest, "sapper", "export"),
    "expo": _expo,
    "angular": _angular,
    "ionic-angular": _angular,
    "quasar": _quasar,
}  # fmt: skip
"""Those that can do either."""
