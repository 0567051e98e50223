"""How a program is told where to listen: PORT, and what its framework reads instead."""

import re

from jarvis.builds.project import Project

DEFAULT = 8080
"""Where a program listens when nothing says otherwise."""

_ADDRESS = {"HOST": "{host}"}
VARIABLES: dict[str, dict[str, str]] = {
    "adonisjs": _ADDRESS,
    "astro": _ADDRESS,
    "chainlit": {"CHAINLIT_HOST": "{host}", "CHAINLIT_PORT": "{port}"},
    "dotnet": {"ASPNETCORE_URLS": "http://{host}:{port}"},
    "fastify": {"FASTIFY_ADDRESS": "{host}", "FASTIFY_PORT": "{port}"},
    "flask": {"FLASK_RUN_HOST": "{host}", "FLASK_RUN_PORT": "{port}"},
    "gradio": {"GRADIO_SERVER_NAME": "{host}", "GRADIO_SERVER_PORT": "{port}"},
    "granian": {"GRANIAN_HOST": "{host}", "GRANIAN_PORT": "{port}"},
    "micronaut": {"MICRONAUT_SERVER_HOST": "{host}", "MICRONAUT_SERVER_PORT": "{port}"},
    "mojolicious": {"MOJO_LISTEN": "http://{host}:{port}"},
    "nextjs": {"HOSTNAME": "{host}"},
    "nitro": {"NITRO_HOST": "{host}", "NITRO_PORT": "{port}"},
    "nuxt": {"NITRO_HOST": "{host}", "NITRO_PORT": "{port}"},
    "phoenix": {"PHX_SERVER": "true"},
    "quarkus": {"QUARKUS_HTTP_HOST": "{host}", "QUARKUS_HTTP_PORT": "{port}"},
    "rails": {"BINDING": "{host}"},
    "react-router": _ADDRESS,
    "remix": _ADDRESS,
    "rocket": {"ROCKET_ADDRESS": "{host}", "ROCKET_PORT": "{port}"},
    "spring-boot": {"SERVER_PORT": "{port}"},
    "strapi": _ADDRESS,
    "streamlit": {"STREAMLIT_SERVER_ADDRESS": "{host}", "STREAMLIT_SERVER_PORT": "{port}"},
    "sveltekit": _ADDRESS,
    "uvicorn": {"UVICORN_HOST": "{host}", "UVICORN_PORT": "{port}"},
}
"""A framework, a language or a server's program → names and values; `{host}` and `{port}` are filled in."""


def variables(project: Project) -> dict[str, str]:
    """The names to set, in order. Options in the start command stand above them, as its programs do it."""
    said = {project.framework, project.language, *re.findall(r"[a-z][\w-]+", project.start_command)}
    found = {"PORT": "{port}"}
    for word in sorted(said & VARIABLES.keys()):
        found |= VARIABLES[word]
    return found


def filled(templates: dict[str, str], host: str, port: int) -> dict[str, str]:
    """The same with an address and a port."""
    return {
        name: value.replace("{host}", host).replace("{port}", str(port)) for name, value in templates.items()
    }
