"""The frameworks, each one row: what shows it, how it is built and started. The first row that fits wins.

Rows of a kind stand together; within a kind what builds on another stands above it (Nuxt above Vite, Nest
above Express). A new framework is a row here, and a line in `rendering` or `output` when its output depends
on settings.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Framework:
    """One framework.

    Attributes:
        name: As a verdict names it.
        packages: Any of these as a direct dependency shows it.
        tools: Programs that scripts call; they tell a build script, and show it where the dependency alone
            would not (a test runner depends on vite, too).
        build: What builds it when no script does.
        start: What serves it in production when no script does; empty for pages that need no program.
        port: Where it listens unless it is told otherwise.
        output: The folder with the finished pages, for those that make pages.
        develop: The words after the tool that start a development server; empty text is the tool alone.
    """

    name: str
    packages: tuple[str, ...]
    tools: tuple[str, ...] = ()
    build: str = ""
    start: str = ""
    port: int = 3000
    output: str = ""
    develop: tuple[str, ...] = ("dev",)


_NITRO = "node .output/server/index.mjs"

SERVED: tuple[Framework, ...] = (
    Framework("meteor", ("meteor-node-stubs",), tools=("meteor",),
        build="meteor build --server-only --directory ../bundle", start="node ../bundle/bundle/main.js",
        develop=("", "run")),
    Framework("blitzjs", ("blitz", "@blitzjs/next"), tools=("blitz",), build="blitz build",
        start="blitz start -p ${PORT:-3000}"),
    Framework("redwoodjs", ("@redwoodjs/core", "@redwoodjs/web", "@redwoodjs/api"), tools=("rw", "redwood"),
        build="rw build", start="rw serve --port ${PORT:-8910}", port=8910),
    Framework("strapi", ("@strapi/strapi", "strapi"), tools=("strapi",), build="strapi build",
        start="strapi start", port=1337, develop=("develop", "dev")),
    Framework("keystone", ("@keystone-6/core", "@keystone-next/keystone"), tools=("keystone",),
        build="keystone build", start="keystone start"),
    Framework("directus", ("directus", "@directus/api"), tools=("directus",), start="directus start",
        port=8055),
    Framework("medusa", ("@medusajs/medusa", "@medusajs/framework"), tools=("medusa",), build="medusa build",
        start="medusa start", port=9000, develop=("develop", "dev")),
    Framework("nextjs", ("next",), tools=("next",), build="next build", start="next start -p ${PORT:-3000}",
        output="out", develop=("dev", "")),
    Framework("nuxt", ("nuxt", "nuxt3", "nuxt-edge", "nuxt-nightly"), tools=("nuxt", "nuxi", "nuxt-ts"),
        build="nuxt build", start=_NITRO, output=".output/public", develop=("dev", "")),
    Framework("hydrogen", ("@shopify/hydrogen",), tools=("hydrogen", "shopify"),
        build="shopify hydrogen build", start="shopify hydrogen preview --port ${PORT:-3000}",
        develop=("hydrogen dev", "dev")),
    Framework("react-router", ("@react-router/dev",), tools=("react-router",), build="react-router build",
        start="react-router-serve ./build/server/index.js", output="build/client"),
    Framework("remix", ("@remix-run/dev", "@remix-run/serve", "@remix-run/node", "@remix-run/react", "remix"),
        tools=("remix",), build="remix build", start="remix-serve ./build/server/index.js",
        output="build/client", develop=("dev", "vite:dev", "watch")),
    Framework("analog", ("@analogjs/platform", "@analogjs/router"), tools=("analog",), build="vite build",
        start="node dist/analog/server/index.mjs", output="dist/analog/public"),
    Framework("sveltekit", ("@sveltejs/kit",), tools=("svelte-kit",), build="vite build",
        start="vite preview --host --port ${PORT:-4173}", output="build"),
    Framework("astro", ("astro",), tools=("astro",), build="astro build",
        start="node ./dist/server/entry.mjs", port=4321, output="dist", develop=("dev", "start")),
    Framework("solidstart", ("@solidjs/start", "solid-start"), tools=("solid-start", "vinxi"),
        build="vinxi build", start=_NITRO, output=".output/public"),
    Framework("tanstack-start", ("@tanstack/react-start", "@tanstack/solid-start", "@tanstack/vue-start",
        "@tanstack/start"), build="vite build", start=_NITRO, output="dist/client"),
    Framework("qwik", ("@builder.io/qwik-city", "@qwik.dev/router"), tools=("qwik",), build="qwik build",
        start="node server/entry.express", output="dist"),
    Framework("sapper", ("sapper",), tools=("sapper",), build="sapper build", start="node __sapper__/build",
        output="__sapper__/export"),
    Framework("waku", ("waku",), tools=("waku",), build="waku build", start="waku start", port=8080,
        output="dist/public"),
    Framework("vike", ("vike", "vite-plugin-ssr"), tools=("vike",), build="vite build",
        start="vike preview --port ${PORT:-3000}", output="dist/client"),
    Framework("modernjs", ("@modern-js/app-tools",), tools=("modern",), build="modern build",
        start="modern serve", port=8080),
    Framework("marko", ("@marko/run",), tools=("marko-run",), build="marko-run build",
        start="node dist/index.mjs", develop=("dev", "")),
    Framework("rakkas", ("rakkasjs",), tools=("rakkas",), build="rakkas build", start="node dist/server"),
    Framework("razzle", ("razzle",), tools=("razzle",), build="razzle build", start="node build/server.js",
        develop=("start",)),
    Framework("frontity", ("frontity",), tools=("frontity",), build="frontity build", start="frontity serve"),
    Framework("marblejs", ("@marblejs/http",)),
    Framework("node-red", ("node-red",), tools=("node-red",), start="node-red --port ${PORT:-1880}",
        port=1880),
    Framework("nitro", ("nitropack", "nitro"), tools=("nitro", "nitropack"), build="nitro build",
        start=_NITRO),
)  # fmt: skip
"""Frameworks with a server of their own; some can make plain pages, too."""

MADE: tuple[Framework, ...] = (
    Framework("ice", ("@ice/app",), tools=("ice",), build="ice build", output="build",
        develop=("start",)),
    Framework("gatsby", ("gatsby",), tools=("gatsby",), build="gatsby build", port=8000, output="public",
        develop=("develop",)),
    Framework("docusaurus", ("@docusaurus/core", "docusaurus"), tools=("docusaurus", "docusaurus-start",
        "docusaurus-build"), build="docusaurus build", output="build", develop=("start",)),
    Framework("vitepress", ("vitepress",), tools=("vitepress",), build="vitepress build", port=5173,
        output=".vitepress/dist", develop=("dev", "")),
    Framework("vuepress", ("vuepress", "@vuepress/core", "vuepress-next"), tools=("vuepress",),
        build="vuepress build", port=8080, output=".vuepress/dist"),
    Framework("eleventy", ("@11ty/eleventy",), tools=("eleventy", "@11ty/eleventy"), build="eleventy",
        port=8080, output="_site", develop=("--serve", "--watch")),
    Framework("hexo", ("hexo",), tools=("hexo",), build="hexo generate", port=4000, output="public",
        develop=("server", "s", "serve")),
    Framework("gridsome", ("gridsome",), tools=("gridsome",), build="gridsome build", port=8080,
        output="dist", develop=("develop",)),
    Framework("saber", ("saber",), tools=("saber",), build="saber build", output="public", develop=("dev",
        "")),
    Framework("scully", ("@scullyio/init", "@scullyio/scully"), tools=("scully",), build="ng build && scully",
        port=1668, output="dist/static", develop=("serve",)),
    Framework("react-static", ("react-static",), tools=("react-static",), build="react-static build",
        output="dist", develop=("start",)),
    Framework("observable", ("@observablehq/framework",), tools=("observable",), build="observable build",
        output="dist", develop=("preview",)),
    Framework("rspress", ("rspress", "@rspress/core"), tools=("rspress",), build="rspress build",
        output="doc_build"),
    Framework("slidev", ("@slidev/cli",), tools=("slidev",), build="slidev build", port=3030, output="dist",
        develop=("", "dev")),
    Framework("honkit", ("honkit", "gitbook-cli"), tools=("honkit", "gitbook"), build="honkit build",
        port=4000, output="_book", develop=("serve",)),
    Framework("metalsmith", ("metalsmith",), tools=("metalsmith",), port=8080, output="build"),
    Framework("ionic-react", ("@ionic/react",), tools=("ionic", "react-scripts", "vite"),
        build="react-scripts build", port=8100, output="build", develop=("serve", "start", "")),
    Framework("ionic-vue", ("@ionic/vue",), tools=("ionic", "vite", "vue-cli-service"), build="vite build",
        port=8100, output="dist", develop=("serve", "")),
    Framework("ionic-angular", ("@ionic/angular",), tools=("ionic", "ng"), build="ng build", port=8100,
        output="www", develop=("serve",)),
    Framework("quasar", ("@quasar/app", "@quasar/app-vite", "@quasar/app-webpack"), tools=("quasar",),
        build="quasar build", port=9000, output="dist/spa"),
    Framework("expo", ("expo",), tools=("expo",), build="expo export -p web",
        start="expo serve", port=8081, output="dist", develop=("start",)),
    Framework("angular", ("@angular/core", "@angular/cli"), tools=("ng",), build="ng build", port=4200,
        output="dist", develop=("serve", "s")),
    Framework("create-react-app", ("react-scripts", "@craco/craco", "react-app-rewired", "react-scripts-ts"),
        tools=("react-scripts", "craco", "react-app-rewired", "react-scripts-ts"),
        build="react-scripts build", output="build", develop=("start",)),
    Framework("vue-cli", ("@vue/cli-service",), tools=("vue-cli-service",), build="vue-cli-service build",
        port=8080, output="dist", develop=("serve",)),
    Framework("preact", ("preact-cli",), tools=("preact",), build="preact build", port=8080, output="build",
        develop=("watch",)),
    Framework("stencil", ("@stencil/core",), tools=("stencil", "stencil-cli"), build="stencil build",
        port=3333, output="www", develop=("--serve", "--watch", "--dev")),
    Framework("umijs", ("umi", "@umijs/max", "max"), tools=("umi", "max"), build="umi build", port=8000,
        output="dist"),
    Framework("ember", ("ember-cli", "ember-source"), tools=("ember",),
        build="ember build --environment=production", port=4200, output="dist", develop=("serve", "server",
        "s")),
    Framework("dojo", ("@dojo/framework", "@dojo/cli"), tools=("dojo",), build="dojo build", port=9999,
        output="output/dist", develop=("build --mode dev",)),
    Framework("polymer", ("polymer-cli",), tools=("polymer",), build="polymer build", port=8081,
        output="build/default", develop=("serve",)),
    Framework("sanity", ("sanity", "@sanity/cli", "@sanity/base"), tools=("sanity",), build="sanity build",
        port=3333, output="dist", develop=("dev", "start")),
    Framework("brunch", ("brunch",), tools=("brunch",), build="brunch build --production", port=3333,
        output="public", develop=("watch", "w")),
    Framework("snowpack", ("snowpack",), tools=("snowpack",), build="snowpack build", port=8080,
        output="build"),
    Framework("wmr", ("wmr",), tools=("wmr",), build="wmr build", port=8080, output="dist", develop=("",
        "start")),
    Framework("rsbuild", ("@rsbuild/core",), tools=("rsbuild",), build="rsbuild build", output="dist"),
    Framework("farm", ("@farmfe/core",), tools=("farm",), build="farm build", port=9000, output="dist",
        develop=("", "start", "dev")),
    Framework("vite", ("vite", "rolldown-vite"), tools=("vite",), build="vite build", port=5173,
        output="dist", develop=("", "dev", "serve")),
    Framework("parcel", ("parcel", "parcel-bundler"), tools=("parcel",), build="parcel build", port=1234,
        output="dist", develop=("", "serve", "watch")),
    Framework("webpack", ("webpack",), tools=("webpack", "webpack-dev-server", "webpack-cli"),
        build="webpack --mode production", port=8080, output="dist", develop=("serve", "--watch")),
    Framework("svelte", ("svelte",), tools=("rollup",), build="rollup -c", port=5000, output="public",
        develop=("-w", "--watch")),
    Framework("storybook", ("storybook", "@storybook/cli"), tools=("storybook", "build-storybook",
        "start-storybook", "sb"), build="storybook build", port=6006, output="storybook-static"),
)  # fmt: skip
"""Frameworks that make pages; no program is needed to serve them."""

SERVERS: tuple[Framework, ...] = (
    Framework("nestjs", ("@nestjs/core",), tools=("nest",), build="nest build", start="node dist/main"),
    Framework("adonis", ("@adonisjs/core", "@adonisjs/framework"), tools=("ace",), build="node ace build",
        start="node build/bin/server.js", port=3333, develop=("serve",)),
    Framework("feathers", ("@feathersjs/feathers", "@feathersjs/koa", "@feathersjs/express"), port=3030),
    Framework("payload", ("payload",), tools=("payload",), build="payload build",
        start="node dist/server.js"),
    Framework("loopback", ("@loopback/core", "@loopback/rest", "loopback"), tools=("lb-tsc",), build="lb-tsc",
        start="node ."),
    Framework("sails", ("sails",), tools=("sails",), start="node app.js", port=1337, develop=("lift",)),
    Framework("foal", ("@foal/core",), tools=("foal",), build="foal build", start="node build/index.js",
        port=3001),
    Framework("egg", ("egg",), tools=("egg-bin", "egg-scripts"),
        start="egg-scripts start --port=${PORT:-7001}", port=7001),
    Framework("midway", ("@midwayjs/core", "@midwayjs/web", "@midwayjs/koa"), tools=("mwtsc", "midway-bin"),
        build="mwtsc", start="node bootstrap.js", port=7001),
    Framework("moleculer", ("moleculer-web",), tools=("moleculer-runner",),
        start="moleculer-runner services"),
    Framework("vendure", ("@vendure/core",), start="node dist/index.js"),
    Framework("hapi", ("@hapi/hapi", "hapi")),
    Framework("fastify", ("fastify", "@fastify/cli", "fastify-cli"), tools=("fastify",)),
    Framework("elysia", ("elysia",)),
    Framework("hono", ("hono", "@hono/node-server")),
    Framework("koa", ("koa",)),
    Framework("restify", ("restify",), port=8080),
    Framework("probot", ("probot",), tools=("probot",), start="probot run ./index.js"),
    Framework("express", ("express", "ultimate-express", "hyper-express")),
    Framework("h3", ("h3",), tools=("listhen", "srvx"), start="srvx --prod"),
)  # fmt: skip
"""Libraries that a program of the project's own makes its server with.

Thin layers over node:http (polka, micro, tinyhttp …) are left out: nothing is built or started differently
with them.
"""
