"""A container that the project describes itself."""

from jarvis.analysis import container
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.secrecy import is_secret
from jarvis.analysis.tree import Tree

DEFAULTS = {
    "nginx": 80,
    "httpd": 80,
    "caddy": 80,
    "traefik": 80,
    "tomcat": 8080,
    "jetty": 8080,
    "wordpress": 80,
}
"""Images that serve at a port without saying so."""
ELSEWHERE = ("docker/Dockerfile", ".docker/Dockerfile", "build/Dockerfile", "deploy/Dockerfile")
"""Where a Dockerfile for the whole folder may lie, too."""


def detect(tree: Tree) -> Candidate | None:
    """What its last stage says: EXPOSE the port, CMD or ENTRYPOINT the start, HEALTHCHECK the path."""
    file = container.dockerfile(tree) or tree.first(*ELSEWHERE)
    image = container.read(tree, file) if file else None
    if image is None:
        return None
    found = Candidate("dockerfile", "dockerfile", 0.75 if "/" not in file else 0.6)
    claim(found, file, "builds a container", image.line, kind="dockerfile", language="dockerfile")
    if image.ports:
        port, line = next(iter(image.ports.items()))
        claim(found, file, "EXPOSE names the port", line, port=port)
    elif image.variables.get("PORT", ("", 0))[0].isdecimal():
        value, line = image.variables["PORT"]
        claim(found, file, "ENV sets PORT", line, port=int(value))
    elif default := DEFAULTS.get(image.base.rpartition("/")[2].partition(":")[0]):
        claim(found, file, "its base image serves there", image.line, port=default)
    if started := image.start():
        claim(found, file, "what the container runs", started[1], start_command=started[0])
    if health := image.health_path():
        claim(found, file, "HEALTHCHECK asks for it", health[1], health_path=health[0])
    for name, (value, line) in image.variables.items():
        if value and is_secret(name):
            why = f"The value of {name} stays readable in the image: set it as a variable of the service."
            found.find("secret-in-image", "warning", file, why, line)
    return found
